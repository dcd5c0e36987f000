#pragma once
#include <hdf5.h>

// Swift imports neither macros with casts nor macros that initialise the library and then name a global variable.

static inline hid_t snn_h5p_default(void) { return H5P_DEFAULT; }
static inline hid_t snn_h5p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t snn_h5p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t snn_h5p_dataset_xfer(void) { return H5P_DATASET_XFER; }
static inline hid_t snn_h5p_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t snn_h5s_all(void) { return H5S_ALL; }
static inline hid_t snn_h5e_default(void) { return H5E_DEFAULT; }
static inline unsigned snn_h5f_rdonly(void) { return H5F_ACC_RDONLY; }
static inline unsigned snn_h5f_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned snn_h5f_exclusive(void) { return H5F_ACC_EXCL; }

static inline hid_t snn_h5t_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t snn_h5t_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t snn_h5t_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t snn_h5t_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t snn_h5t_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t snn_h5t_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t snn_h5t_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t snn_h5t_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t snn_h5t_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t snn_h5t_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t snn_h5t_string(void) { return H5T_C_S1; }
static inline size_t snn_h5t_variable(void) { return H5T_VARIABLE; }
static inline int snn_h5z_deflate(void) { return H5Z_FILTER_DEFLATE; }

// A lock should not prevent reading, and some network file systems do not support locks.
static inline herr_t snn_h5_no_locking(hid_t access) {
#if H5_VERSION_GE(1, 10, 7) && !(H5_VERS_MAJOR == 1 && H5_VERS_MINOR == 12 && H5_VERS_RELEASE < 1)
  return H5Pset_file_locking(access, 0, 1);
#else
  (void)access;
  return 0;
#endif
}

static inline void snn_h5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// hbool_t is an integer in some versions of the library and a Boolean in others.
static inline herr_t snn_h5_no_modification_time(hid_t create) { return H5Pset_obj_track_times(create, 0); }
static inline herr_t snn_h5_in_memory(hid_t access) { return H5Pset_fapl_core(access, 1 << 20, 0); }

// The number of chunks of a chunked dataset that were written; negative if the library can't tell.
static inline long long snn_written_chunks(hid_t dataset) {
#if H5_VERSION_GE(1, 10, 5)
  hid_t space = H5Dget_space(dataset);
  hsize_t count = 0;
  herr_t status = space < 0 ? -1 : H5Dget_num_chunks(dataset, space, &count);
  if (space >= 0) H5Sclose(space);
  return status < 0 ? -1 : (long long)count;
#else
  (void)dataset;
  return -1;
#endif
}
