"""How large a picture or a PDF may be when it is unfolded."""

#: A photo may come as its camera wrote it, whatever the field takes: it is made to fit.
MOST_PHOTO_MB = 20
#: Phones make pictures of 12 to 50 million dots.
MEGAPIXELS = 65
MOST_PAGES = 500
MOST_OBJECTS = 200_000
MOST_STREAM_BYTES = 100_000_000
