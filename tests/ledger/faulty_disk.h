#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sfumato {

/// A disk on which one operation goes wrong: SQLite's own VFS, in whose way a test stands for as
/// long as this object lives.
///
/// Writes, truncations, syncs and deletions are counted; the one that is named fails as the fault
/// says. SQLite in WAL mode renames nothing: where it would, it deletes.
class FaultyDisk {
 public:
  enum class Fault {
    none,
    error,  ///< fails once and does nothing; the program goes on
    full,   ///< no write passes from there on, as on a full disk
    cut,    ///< the power goes: nothing passes any more, and what was not synced is lost
    torn,   ///< the same, but half of the operation's bytes and every other unsynced write stay
  };

  FaultyDisk(Fault fault, int operation) : fault_(fault), operation_(operation) {
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = "faulty";
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FaultyDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  int operations() const { return counted_; }

 private:
  struct Undo {
    sqlite3_int64 offset, size;  ///< of the file before
    std::string bytes;
  };
  struct File {
    sqlite3_file base;
    FaultyDisk* disk;
    std::vector<Undo>* unsynced;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }

  /// 0 where the next operation passes, else the code that it fails with.
  int next(int code) {
    if (off_) return SQLITE_IOERR;
    ++counted_;
    if (fault_ == Fault::full && counted_ >= operation_ && code != SQLITE_IOERR_FSYNC)
      return SQLITE_FULL;
    if (counted_ != operation_ || fault_ == Fault::none) return SQLITE_OK;
    if (fault_ == Fault::cut || fault_ == Fault::torn) lose_power();
    return code;
  }

  void lose_power() {
    off_ = true;
    for (File* file : open_) {
      bool stays = false;
      for (auto undo = file->unsynced->rbegin(); undo != file->unsynced->rend(); ++undo) {
        if (fault_ == Fault::torn) stays = !stays;
        if (stays) continue;
        sqlite3_file* const real = file->real();
        if (!undo->bytes.empty())
          real->pMethods->xWrite(real, undo->bytes.data(), static_cast<int>(undo->bytes.size()),
                                 undo->offset);
        sqlite3_int64 size = 0;
        real->pMethods->xFileSize(real, &size);
        if (size > undo->size) real->pMethods->xTruncate(real, undo->size);
      }
      file->unsynced->clear();
    }
  }

  /// What a change from `offset` on would be undone by.
  static Undo before(sqlite3_file* real, sqlite3_int64 offset, sqlite3_int64 amount) {
    Undo undo{offset, 0, {}};
    real->pMethods->xFileSize(real, &undo.size);
    if (offset < undo.size) {
      undo.bytes.resize(static_cast<std::size_t>(std::min(amount, undo.size - offset)));
      real->pMethods->xRead(real, undo.bytes.data(), static_cast<int>(undo.bytes.size()), offset);
    }
    return undo;
  }

  static int close(sqlite3_file* file) {
    of(file)->disk->open_.erase(of(file));
    delete of(file)->unsynced;
    sqlite3_file* const real = of(file)->real();
    return real->pMethods->xClose(real);
  }
  static int read(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
    if (of(file)->disk->off_) return SQLITE_IOERR_READ;
    sqlite3_file* const real = of(file)->real();
    return real->pMethods->xRead(real, into, amount, offset);
  }
  static int write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
    sqlite3_file* const real = of(file)->real();
    FaultyDisk& disk = *of(file)->disk;
    const bool was_on = !disk.off_;
    const int failed = disk.next(SQLITE_IOERR_WRITE);
    if (failed == SQLITE_OK) of(file)->unsynced->push_back(before(real, offset, amount));
    if (failed == SQLITE_OK) return real->pMethods->xWrite(real, bytes, amount, offset);
    if (was_on && disk.fault_ == Fault::torn)
      real->pMethods->xWrite(real, bytes, amount / 2, offset);
    return failed;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (const int failed = of(file)->disk->next(SQLITE_IOERR_TRUNCATE)) return failed;
    sqlite3_file* const real = of(file)->real();
    of(file)->unsynced->push_back(before(real, size, 1 << 30));
    return real->pMethods->xTruncate(real, size);
  }
  static int sync(sqlite3_file* file, int flags) {
    if (const int failed = of(file)->disk->next(SQLITE_IOERR_FSYNC)) return failed;
    of(file)->unsynced->clear();
    sqlite3_file* const real = of(file)->real();
    return real->pMethods->xSync(real, flags);
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    auto* const disk = static_cast<FaultyDisk*>(vfs->pAppData);
    if (const int failed = disk->next(SQLITE_IOERR_DELETE)) return failed;
    return disk->real_->xDelete(disk->real_, name, sync_directory);
  }

  // What passes through.
  static int size_of(sqlite3_file* f, sqlite3_int64* size) {
    return of(f)->real()->pMethods->xFileSize(of(f)->real(), size);
  }
  static int lock(sqlite3_file* f, int level) {
    return of(f)->real()->pMethods->xLock(of(f)->real(), level);
  }
  static int unlock(sqlite3_file* f, int level) {
    return of(f)->real()->pMethods->xUnlock(of(f)->real(), level);
  }
  static int is_reserved(sqlite3_file* f, int* out) {
    return of(f)->real()->pMethods->xCheckReservedLock(of(f)->real(), out);
  }
  static int control(sqlite3_file* f, int op, void* argument) {
    return of(f)->real()->pMethods->xFileControl(of(f)->real(), op, argument);
  }
  static int sector(sqlite3_file* f) { return of(f)->real()->pMethods->xSectorSize(of(f)->real()); }
  static int traits(sqlite3_file*) { return 0; }  // no atomic writes, no power-safe overwriting
  static int map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return of(f)->real()->pMethods->xShmMap(of(f)->real(), page, size, extend, out);
  }
  static int lock_map(sqlite3_file* f, int offset, int n, int flags) {
    return of(f)->real()->pMethods->xShmLock(of(f)->real(), offset, n, flags);
  }
  static void barrier(sqlite3_file* f) { of(f)->real()->pMethods->xShmBarrier(of(f)->real()); }
  static int unmap(sqlite3_file* f, int remove_it) {
    return of(f)->real()->pMethods->xShmUnmap(of(f)->real(), remove_it);
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    static const sqlite3_io_methods methods = {
        2,       close,  read,   write, truncate, sync,    size_of, lock,    unlock, is_reserved,
        control, sector, traits, map,   lock_map, barrier, unmap,   nullptr, nullptr};
    auto* const disk = static_cast<FaultyDisk*>(vfs->pAppData);
    if (disk->off_) return SQLITE_CANTOPEN;
    const int code = disk->real_->xOpen(disk->real_, name, of(file)->real(), flags, out);
    file->pMethods = code == SQLITE_OK ? &methods : nullptr;
    if (code != SQLITE_OK) return code;
    of(file)->disk = disk;
    of(file)->unsynced = new std::vector<Undo>;
    disk->open_.insert(of(file));
    return SQLITE_OK;
  }

  Fault fault_;
  int operation_;
  int counted_ = 0;
  bool off_ = false;
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::set<File*> open_;
};

}  // namespace sfumato
