"""Who pays for which choir until when: agreements, costs, the bank balance and "financed to" (avtal, kostnader).

Used by project managers.
"""
