#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "vitrine/pipeline/job_attempt.h"

namespace vitrine::python {

/// The Python class JobAttempt: either its own, with the store that it needs, or lent to a Python handler for the time
/// of one call.
class PythonAttempt {
 public:
  PythonAttempt(std::shared_ptr<JobStore> store, std::unique_ptr<JobAttempt> own)
      : store_(std::move(store)), own_(std::move(own)), attempt_(own_.get()) {}
  explicit PythonAttempt(JobAttempt& lent) : attempt_(&lent) {}

  JobAttempt& get() const {
    if (attempt_ == nullptr)
      throw std::invalid_argument("This attempt was lent to a handler that has returned. Do not keep it.");
    return *attempt_;
  }
  void take_back() { attempt_ = nullptr; }

 private:
  std::shared_ptr<JobStore> store_;
  std::unique_ptr<JobAttempt> own_;
  JobAttempt* attempt_;
};

}  // namespace vitrine::python
