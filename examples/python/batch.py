"""Every artwork into every scene; one that fails does not stop the others."""

# [sample]
import vitrine

items = vitrine.run_batch(["art.png", "missing.png"], ["room.jpg"], output="mockups")
for item in items:
    print(item.output if item.error is None else f"{item.error.name}: {item.message}")
# [/sample]
