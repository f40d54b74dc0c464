"""Where we sing and who sings: towns, choirs, venues, singers and their memberships (orter, körer, lokaler, sångare).

Used by choir leaders for their own choirs and by project managers for all.
"""
