"""Telling whole audio from everything else, while its bytes go by once.

Each format has a parser that is written as if it had the file, and sees every byte of it without
keeping them: it knows how long the audio is and whether the end is really there.  A library that reads
files would have to be given the whole body first, and takes a cut one for a shorter song.
"""
