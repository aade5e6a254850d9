#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// The next bytes of a text that is too long to be held; none where it ends. They last until the
/// next call. An error is the error of who writes them.
using Chunks = std::function<Result<std::string_view>()>;

/// Writes `bytes` to `path` whole or not at all: a temporary file beside it, fsync, rename, fsync
/// of the directory. What stood at `path` stays until the new bytes are durable, and hands on its
/// rights and, where that may be, its owner. A link is followed. A device, a pipe and the file
/// behind standard output are written to as they are.
Status write_atomically(const std::string& path, std::string_view bytes);
Status write_atomically(const std::string& path, const Chunks& chunks);

/// Looks at a file that is whole, has not its name yet, and is for no one else to read: where it fails, the
/// file will have none.
using Inspect = std::function<Status(const std::string& file)>;

/// The same, where `inspect` agrees. Refuses what takes bytes as they come (see `is_put_whole`).
Status write_atomically(const std::string& path, const Chunks& chunks, const Inspect& inspect);

/// Puts a file under a name in an open folder, whole or not at all, in place of what has that name: of a link it takes
/// the place, and where that leads stays as it is.
Status write_in_folder(int folder, const std::string& name, std::string_view bytes);

/// Whether `write_atomically` would put a whole file at `path`: not where a device, a pipe or standard
/// output is, to which bytes go as they come.
bool is_put_whole(const std::string& path);

/// Refuses it where that can't be, for what happens `first`: "a [release] is read back first".
Status check_put_whole(const std::string& path, const std::string& first);

/// Whether `write_atomically` could begin to write to `path` now. Nothing is left there.
Status check_writable(const std::string& path);

/// Writes `bytes` to standard output, past the buffers of streams, and reports a full disk or a
/// closed pipe, without a signal.
Status write_to_stdout(std::string_view bytes);
Status write_to_stdout(const Chunks& chunks);

}  // namespace sfumato
