from datetime import timedelta


def working_days(start, end, holidays=()):
    count = 0
    day = start
    while day < end:
        if day.weekday() != 6 and day not in holidays:
            count += 1
        day += timedelta(days=1)
    return count
