"""People who sign in: accounts, roles, invitations and sessions (konton, roller, inbjudningar, inloggningar).

Used by everybody who leads, edits or manages, and by members who want more than the public pages.
"""
