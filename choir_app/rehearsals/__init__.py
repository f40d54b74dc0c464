"""When we sing and who came: series, rehearsals, marks and attendance (repetitioner, markeringar, närvaro).

Used by choir leaders, on a phone, while people arrive.
"""
