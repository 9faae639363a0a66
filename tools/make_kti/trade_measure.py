SOURCES = []
def make(raw, added, out): print({k:{m:len(v) for m,v in d.items()} for k,d in added.items()})
