// Makes the pictures that the other samples read: a room with an empty frame, one with nothing in it, and an artwork.
#include <vitrine/vitrine.h>

int main() {
  vitrine::write_image("room.jpg", vitrine::make_procedural_scene({.seed = 3}).image);
  vitrine::write_image("lobby.jpg", vitrine::make_procedural_scene({.seed = 8}).image);
  vitrine::write_image("empty.jpg",
                       vitrine::make_procedural_scene({.seed = 5, .place = vitrine::ScenePlace::none}).image);
  vitrine::write_image("art.png", vitrine::make_procedural_artwork({.seed = 3, .size = {750, 1000}}));
}
