"""Where an artwork belongs, how sure that is, and what to do when nothing is found."""

# [sample]
import vitrine

found = vitrine.detect("room.jpg")
if not found:
    raise SystemExit(found.reason)

best = found[0]
print(f"{best.label}, {best.confidence:.0%} sure, at {best.quad}")
found.annotated().save("regions.png")
# [/sample]
