#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "vitrine/pipeline/job_attempt.h"
#include "vitrine/pipeline/job_result.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// What became of the scenes of a job, kept in its journal as they are made, so that the next attempt makes only the
/// others. A journal holds 256 KiB: older outcomes move to pages in the object store. Borrows all it is given. Safe to
/// use from many threads at once.
class SceneLog {
 public:
  /// Reads what the earlier attempts made. Pages are put under `key_prefix`. `scenes_per_save`: 1 writes the journal
  /// behind every scene. Throws Error corrupt_data.
  SceneLog(JobAttempt& attempt, ObjectStore& objects, std::string key_prefix, int scenes_per_save, Context& context);

  /// Outcomes with an object, by scene.
  const std::map<std::string, SceneOutcome>& made_before() const { return made_before_; }

  void add(const SceneOutcome& outcome, Context& context);

  /// Writes what is not written yet.
  void save(Context& context);

  /// The objects of outcomes that are in no journal: when the lease is lost nobody will publish them.
  std::vector<std::string> unsaved_objects() const;

 private:
  void save_locked(Context& context);
  void move_to_page(Context& context);

  JobAttempt& attempt_;
  ObjectStore& objects_;
  std::string key_prefix_;
  int scenes_per_save_;
  mutable std::mutex mutex_;
  std::vector<ObjectRef> pages_;
  std::vector<SceneOutcome> recent_;  // made, and on no page
  std::vector<std::string> unsaved_;
  std::size_t recent_bytes_ = 0;
  int pages_written_ = 0;
  std::map<std::string, SceneOutcome> made_before_;
};

/// The keys of all objects that a journal names: what an attempt still to come may use.
std::vector<std::string> objects_in_journal(std::string_view journal, ObjectStore& objects, Context& context);

}  // namespace vitrine
