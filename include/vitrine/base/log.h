#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

enum class LogLevel { debug, info, warning, error };

/// Receives each message with its level and the area that wrote it ("image", "jobs", …). May be called from any
/// thread and from several at once; must not throw. Messages hold no keys and no signed URLs.
using LogSink = std::function<void(LogLevel, std::string_view area, std::string_view message)>;

/// Sends what the library says from now on to `sink`; nullptr makes it silent, as it is at the start. Process-wide:
/// logging is the one thing that a host sets up once. Messages below `least` are dropped before they are built.
VITRINE_EXPORT void set_log_sink(LogSink sink, LogLevel least = LogLevel::info);

/// Writes one message; costs one atomic load when nobody listens.
VITRINE_EXPORT void log(LogLevel level, std::string_view area, std::string_view message);

/// True if a message of this level would reach a sink: ask before building a costly one.
VITRINE_EXPORT bool log_enabled(LogLevel level) noexcept;

}  // namespace vitrine
