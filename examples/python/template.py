"""A scene prepared once, kept in a file, and used by other processes."""

# [sample]
import vitrine

vitrine.prepare("room.jpg").save("room.vitrine")

room = vitrine.load_template("room.vitrine")  # nothing is searched or measured again
room.render("art.png", fit="contain", look="flat").save("mockup.png")
# [/sample]
