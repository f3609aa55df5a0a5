#pragma once

/// Marks what the shared library shows; everything else is built with hidden visibility.
#define VITRINE_EXPORT __attribute__((visibility("default")))
