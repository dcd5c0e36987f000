#pragma once
#include <errno.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__has_include)
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif
#endif

// An HDF5 file driver that reads a file which is already open. The library's own driver opens a path, where there may
// be another file by now, and returns zeros for what is missing from a file that has been truncated; this one fails.

typedef struct {
  int descriptor;
  haddr_t size;
} snn_open_file;

typedef struct {
  H5FD_t common;
  snn_open_file file;
  haddr_t end_of_addresses;
} snn_driver_file;

static H5FD_t *snn_driver_open(const char *name, unsigned flags, hid_t access, haddr_t limit) {
  (void)name;
  (void)limit;
  const snn_open_file *file = (const snn_open_file *)H5Pget_driver_info(access);
  if (!file || (flags & H5F_ACC_RDWR)) return NULL;
  snn_driver_file *opened = (snn_driver_file *)calloc(1, sizeof *opened);
  if (opened) opened->file = *file;
  return (H5FD_t *)opened;
}

static herr_t snn_driver_close(H5FD_t *file) {
  free(file);
  return 0;
}

static herr_t snn_driver_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_IGNORE_DRVRINFO;
  return 0;
}

static haddr_t snn_driver_get_eoa(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const snn_driver_file *)file)->end_of_addresses;
}

static herr_t snn_driver_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t address) {
  (void)type;
  ((snn_driver_file *)file)->end_of_addresses = address;
  return 0;
}

static haddr_t snn_driver_get_eof(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const snn_driver_file *)file)->file.size;
}

static herr_t snn_driver_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size,
                              void *buffer) {
  (void)type;
  (void)transfer;
  const snn_open_file *open = &((snn_driver_file *)file)->file;
  if (address > open->size || size > open->size - address) {
    // The library reads a superblock before it knows the superblock's length.
    size_t present = address < open->size ? (size_t)(open->size - address) : 0;
    if (size > 512 || present == 0) return -1;
    memset((char *)buffer + present, 0, size - present);
    size = present;
  }
  while (size > 0) {
    ssize_t count = pread(open->descriptor, buffer, size, (off_t)address);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    buffer = (char *)buffer + count;
    address += (haddr_t)count;
    size -= (size_t)count;
  }
  return 0;
}

static herr_t snn_driver_write(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size,
                               const void *buffer) {
  (void)file, (void)type, (void)transfer, (void)address, (void)size, (void)buffer;
  return -1;
}

// The driver's identifier; negative if the library refuses it.
static inline hid_t snn_register_driver(void) {
  const H5FD_class_t driver = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    // From the range of identifiers that anyone may use.
    .value = 511,
#endif
    .name = "open file",
    .maxaddr = (haddr_t)1 << 62,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(snn_open_file),
    .open = snn_driver_open,
    .close = snn_driver_close,
    .query = snn_driver_query,
    .get_eoa = snn_driver_get_eoa,
    .set_eoa = snn_driver_set_eoa,
    .get_eof = snn_driver_get_eof,
    .read = snn_driver_read,
    .write = snn_driver_write,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  return H5FDregister(&driver);
}

// Makes files opened with `access` read from a descriptor.
static inline herr_t snn_read_open_file(hid_t access, hid_t driver, int descriptor, haddr_t size) {
  snn_open_file file = {descriptor, size};
  return H5Pset_driver(access, driver, &file);
}
