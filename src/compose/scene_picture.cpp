#include "compose/scene_picture.h"

#include <mutex>
#include <utility>

namespace vitrine {

struct ScenePicture::State {
  std::shared_ptr<const PatchableJpeg> jpeg;
  std::string obstacle;
  std::mutex mutex;  // of what follows; pixels stay what they are once they are there
  Image pixels;
};

ScenePicture::ScenePicture() : state_(std::make_shared<State>()) {}

ScenePicture::ScenePicture(Image pixels, std::string obstacle) : state_(std::make_shared<State>()) {
  state_->pixels = std::move(pixels);
  state_->obstacle = std::move(obstacle);
}

ScenePicture::ScenePicture(std::shared_ptr<const PatchableJpeg> jpeg) : state_(std::make_shared<State>()) {
  state_->jpeg = std::move(jpeg);
}

const Image& ScenePicture::pixels() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->pixels.empty() && state_->jpeg) state_->pixels = state_->jpeg->decode();
  return state_->pixels;
}

bool ScenePicture::has_pixels() const {
  const std::lock_guard lock(state_->mutex);
  return !state_->pixels.empty();
}

Size ScenePicture::size() const {
  if (state_->jpeg) return state_->jpeg->size();
  return state_->pixels.size();
}

const PatchableJpeg* ScenePicture::jpeg() const { return state_->jpeg.get(); }

const std::string& ScenePicture::obstacle() const { return state_->obstacle; }

std::size_t ScenePicture::memory() const {
  const std::lock_guard lock(state_->mutex);
  return state_->pixels.byte_size() + (state_->jpeg ? state_->jpeg->bytes().size() : 0);
}

}  // namespace vitrine
