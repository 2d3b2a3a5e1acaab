/*
 * A disk that is full, for one folder and without root: preloaded (LD_PRELOAD), it refuses with ENOSPC what is written to
 * files below $FULL_DISK_FOLDER beyond $FULL_DISK_BYTES in all, and writes the number refused to the file $FULL_DISK_LOG.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long long written;

static void note(size_t length) {
    const char *log = getenv("FULL_DISK_LOG");
    const int fd = log == NULL ? -1 : open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
        char text[64];
        const int size = snprintf(text, sizeof text, "refused %zu bytes\n", length);
        syscall(SYS_write, fd, text, (size_t)size);
        close(fd);
    }
}

static bool is_full(int fd, size_t length) {
    const char *folder = getenv("FULL_DISK_FOLDER");
    const char *room = getenv("FULL_DISK_BYTES");
    if (folder == NULL || room == NULL) {
        return false;
    }
    char link[64];
    char path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) {
        return false;
    }
    path[size] = '\0';
    if (strncmp(path, folder, strlen(folder)) != 0) {
        return false;
    }
    if (written + (long long)length > atoll(room)) {
        note(length);
        errno = ENOSPC;
        return true;
    }
    written += (long long)length;
    return false;
}

static size_t total(const struct iovec *parts, int count) {
    size_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += parts[i].iov_len;
    }
    return sum;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    return is_full(fd, length) ? -1 : syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    return is_full(fd, length) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    return is_full(fd, total(parts, count)) ? -1 : syscall(SYS_writev, fd, parts, count);
}
