#include "pipeline/failure_of.h"

#include <new>
#include <stdexcept>
#include <string>

#include "vitrine/base/error.h"
#include "vitrine/generate/submit_unknown.h"

namespace vitrine {

Failure failure_of(const std::exception_ptr& trouble) {
  try {
    std::rethrow_exception(trouble);
  } catch (const SubmitUnknown& error) {
    return {"submit_unknown", error.what(), false, {}};
  } catch (const Error& error) {
    return {std::string(name_of(error.code())), error.what(), error.retryable(), error.retry_after()};
  } catch (const std::invalid_argument& error) {
    return {"invalid_request", error.what(), false, {}};
  } catch (const std::bad_alloc&) {
    return {"out_of_memory", "There was not enough memory. Lower the memory budget or scale the pictures down.", true,
            {}};
  } catch (const std::exception& error) {
    return {"internal", std::string("A defect or a custom part failed: ") + error.what(), false, {}};
  }
}

std::optional<ErrorCode> code_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::disk_full); ++i)
    if (const auto code = static_cast<ErrorCode>(i); name_of(code) == name) return code;
  return std::nullopt;
}

}  // namespace vitrine
