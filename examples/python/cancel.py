"""A deadline, progress, and a cancel from another thread."""

# [sample]
import threading

import vitrine

context = vitrine.Context(timeout=600, on_progress=lambda done: print(f"{done:.0%}"))
stop = threading.Timer(300, context.cancel)  # any thread may cancel, at any time
stop.start()
try:
    vitrine.mockup("art.png", "room.jpg", context=context).save("mockup.jpg")
except vitrine.CancelledError:
    print("Somebody changed their mind.")
except vitrine.Error as error:
    print(error.code, "worth another try" if error.retryable else "not worth another try")
finally:
    stop.cancel()
# [/sample]
