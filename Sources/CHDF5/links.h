#pragma once
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

// What a file would have read from other files.

typedef enum {
  snn_all_inside,
  snn_too_many_links,
  snn_external_link,
  snn_user_defined_link,
  snn_virtual_dataset,
  snn_external_storage,
  snn_links_unreadable,
} snn_outside;

typedef struct {
  snn_outside kind;
  long links_left;
  // Describes the link that was found.
  char *name;
  size_t name_size;
} snn_walk;

// What a dataset would read from other files, according to its creation properties.
static inline snn_outside snn_outside_of_dataset(hid_t dataset) {
  hid_t properties = H5Dget_create_plist(dataset);
  if (properties < 0) return snn_links_unreadable;
  snn_outside kind = H5Pget_layout(properties) == H5D_VIRTUAL        ? snn_virtual_dataset
                     : H5Pget_external_count(properties) > 0 ? snn_external_storage
                                                             : snn_all_inside;
  H5Pclose(properties);
  return kind;
}

static herr_t snn_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
  snn_walk *walk = (snn_walk *)data;
  if (walk->links_left-- <= 0) {
    walk->kind = snn_too_many_links;
    return 1;
  }
  if (info->type == H5L_TYPE_EXTERNAL) {
    walk->kind = snn_external_link;
  } else if (info->type != H5L_TYPE_HARD && info->type != H5L_TYPE_SOFT) {
    walk->kind = snn_user_defined_link;
  } else if (info->type == H5L_TYPE_HARD) {
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    // What can't be opened can't be read either; that is reported when it is asked for.
    if (object >= 0) {
      if (H5Iget_type(object) == H5I_DATASET) walk->kind = snn_outside_of_dataset(object);
      H5Oclose(object);
    }
  }
  if (walk->kind == snn_all_inside) return 0;
  strncpy(walk->name, name, walk->name_size - 1);
  return 1;
}

// Visits all links of a file, at most `limit`; `name` receives the path of the one that leads outside.
static inline snn_outside snn_walk_links(hid_t file, long limit, char *name, size_t name_size) {
  snn_walk walk = {snn_all_inside, limit, name, name_size};
  memset(name, 0, name_size);
  if (H5Lvisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, snn_visit_link, &walk) < 0) return snn_links_unreadable;
  return walk.kind;
}

// The path that a soft link leads to, in `value`; negative if there is none at `path`.
static inline herr_t snn_soft_link(hid_t file, const char *path, char *value, size_t size) {
  H5L_info_t info;
  if (H5Lget_info(file, path, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_SOFT) return -1;
  memset(value, 0, size);
  return H5Lget_val(file, path, value, size - 1, H5P_DEFAULT);
}
