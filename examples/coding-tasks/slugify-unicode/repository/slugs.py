import re


def slugify(text):
    text = text.lower()
    text = re.sub(r"[^a-z0-9 -]", "", text)
    return re.sub(r"[ -]+", "-", text)
