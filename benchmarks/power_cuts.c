/*
 * Writes down what a process does to the files of one directory, for
 * benchmarks/power_cuts.py: every write, truncation, sync, creation, removal, in order.
 *
 *   gcc -O2 -shared -fPIC -o power_cuts.so power_cuts.c -ldl
 *   POWER_CUTS_DIR=/dir POWER_CUTS_TRACE=/elsewhere/trace LD_PRELOAD=./power_cuts.so ...
 *
 * A record: kind (1 byte), length of the path (2), offset (8), length of the data (4),
 * little-endian, then path and data. A sync is written down when it has succeeded,
 * anything else when it has been done. Files that are mapped (-shm) are of no interest:
 * SQLite makes them anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char directory[PATH_MAX];

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);

__attribute__((constructor)) static void begin(void)
{
    const char *dir = getenv("POWER_CUTS_DIR"), *to = getenv("POWER_CUTS_TRACE");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_close = dlsym(RTLD_NEXT, "close");
    if (dir == NULL || to == NULL || realpath(dir, directory) == NULL)
        return;
    trace = real_openat(AT_FDCWD, to, O_CREAT | O_APPEND | O_WRONLY, 0600);
}

static int inside(const char *path)
{
    size_t length = strlen(directory);
    return trace >= 0 && strncmp(path, directory, length) == 0
        && (path[length] == '/' || path[length] == '\0');
}

/* The path of an open file; false if it is none of ours. */
static int path_of(int fd, char *path)
{
    char link[64];
    ssize_t length;
    if (trace < 0 || fd == trace)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    return inside(path);
}

static void all(const void *data, size_t length)
{
    const char *at = data;
    while (length > 0) {
        ssize_t done = real_write(trace, at, length);
        if (done <= 0)
            abort();
        at += done;
        length -= (size_t)done;
    }
}

static void record(char kind, const char *path, uint64_t offset, const void *data,
                   size_t length)
{
    int before = errno;
    uint16_t named = (uint16_t)strlen(path);
    uint32_t size = (uint32_t)length;
    pthread_mutex_lock(&lock);
    all(&kind, 1);
    all(&named, 2);
    all(&offset, 8);
    all(&size, 4);
    all(path, named);
    all(data, length);
    pthread_mutex_unlock(&lock);
    errno = before;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
    char path[PATH_MAX];
    ssize_t done = real_pwrite(fd, data, length, offset);
    if (done > 0 && path_of(fd, path))
        record('w', path, (uint64_t)offset, data, (size_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    return pwrite64(fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length)
{
    char path[PATH_MAX];
    ssize_t done = real_write(fd, data, length);
    if (done > 0 && path_of(fd, path)) {
        off64_t end = lseek64(fd, 0, SEEK_CUR);
        record('w', path, (uint64_t)(end - done), data, (size_t)done);
    }
    return done;
}

int ftruncate64(int fd, off64_t length)
{
    char path[PATH_MAX];
    int result = real_ftruncate(fd, length);
    if (result == 0 && path_of(fd, path))
        record('t', path, (uint64_t)length, "", 0);
    return result;
}

int ftruncate(int fd, off_t length)
{
    return ftruncate64(fd, length);
}

static int synced(int fd, int result)
{
    char path[PATH_MAX];
    if (result == 0 && path_of(fd, path))
        record('s', path, 0, "", 0);
    return result;
}

int fsync(int fd)
{
    return synced(fd, real_fsync(fd));
}

int fdatasync(int fd)
{
    return synced(fd, real_fdatasync(fd));
}

int unlink(const char *name)
{
    char path[PATH_MAX];
    int known = realpath(name, path) != NULL && inside(path);
    int result = real_unlink(name);
    if (result == 0 && known)
        record('u', path, 0, "", 0);
    return result;
}

int rename(const char *from, const char *to)
{
    char path[PATH_MAX], target[PATH_MAX];
    int known = realpath(from, path) != NULL && inside(path);
    int result = real_rename(from, to);
    if (result == 0 && known && realpath(to, target) != NULL)
        record('r', path, 0, target, strlen(target));
    return result;
}
