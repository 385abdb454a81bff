"""From words to sound: songs, effects and speech, computed with numpy and nothing recorded.

A song is written in scale degrees (``harmony``, ``style``), played by a small band into loops of four bars
(``timbre``, ``drums``, ``band``), mixed for each section and laid end to end (``arrangement``, ``mixing``).
Speech and singing share their vowels (``vowels``).  The same order always sounds the same.
"""
