"""What every room stands on: database, clock, money, language, forms, doors, refusals, mail and pictures.

It knows no room. Nothing here says choir, singer or partner.
"""
