"""The artwork into the room, and into a room that is prepared once for several mockups."""

# [sample]
import vitrine

vitrine.mockup("art.png", "room.jpg").save("mockup.jpg")

room = vitrine.prepare("room.jpg")  # finds the surface and measures its light, once
for fit in ("cover", "contain"):
    room.render("art.png", fit=fit).save(f"{fit}.jpg")
# [/sample]
