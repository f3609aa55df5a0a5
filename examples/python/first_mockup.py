"""One artwork into a room, and then the room prepared once for many."""

# [sample]
import vitrine

vitrine.mockup("art.png", "room.jpg").save("mockup.jpg")

room = vitrine.prepare("room.jpg")  # finds the surface and measures its light, once
for fit in ("cover", "contain"):
    room.render("art.png", fit=fit).save(f"{fit}.jpg")
# [/sample]
