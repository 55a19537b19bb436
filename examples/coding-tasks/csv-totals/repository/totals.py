def totals(text):
    """Sums the amounts (second column) by name (first column); the first line is the header."""
    sums = {}
    for line in text.split("\n")[1:]:
        name, amount = line.split(",")
        sums[name] = sums.get(name, 0) + float(amount)
    return sums
