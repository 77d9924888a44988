// How many threads do a process good: one for each core that it may use, though a core may run two of them (they share
// its vector units and caches), and no more than its control groups grant it of processor time. Linux tells both in
// files; where they are missing, the processors are counted.
#if defined(__linux__)
#define _GNU_SOURCE   // sched_getaffinity
#include <sched.h>
#endif
#include "internal.h"
#include "include/tapestry_threads.h"
#include <stdio.h>
#include <unistd.h>

#if defined(__linux__)
enum { PATH = 4096 };

bool tp_first_line(const char *path, char *line, int size) {
  FILE *file = fopen(path, "r");
  if (!file) return false;
  const bool found = fgets(line, size, file) != NULL;
  fclose(file);
  if (found) line[strcspn(line, "\n")] = 0;
  return found;
}

// Of processors that share a core, `cpu` counts if it is the first of those that may be used. Siblings are written as
// "0,4" or "0-1".
static bool is_first_of_core(const char *root, int cpu, const int *cpus, int count) {
  char path[PATH], line[256];
  snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", root, cpu);
  if (!tp_first_line(path, line, sizeof line)) return true;
  for (const char *p = line; *p;) {
    int from, to, used;
    if (sscanf(p, "%d-%d%n", &from, &to, &used) != 2) {
      if (sscanf(p, "%d%n", &from, &used) != 1) return true;
      to = from;
    }
    for (int i = 0; i < count; i++)
      if (cpus[i] >= from && cpus[i] <= to && cpus[i] < cpu) return false;
    p += used;
    if (*p == ',') p++;
  }
  return true;
}

// The processors' worth of time, rounded up, that the control group in `file` grants; `most` where that is more or not
// said. Its line is "quota period" or "max period" (version 2); the quota alone, −1 for none, has its period in a file
// beside it (version 1).
static int granted(const char *file, const char *period_file, int most) {
  char line[64];
  long long quota, period;
  if (!tp_first_line(file, line, sizeof line)) return most;
  const int numbers = sscanf(line, "%lld %lld", &quota, &period);
  if (numbers == 1 && !(tp_first_line(period_file, line, sizeof line) && sscanf(line, "%lld", &period) == 1))
    return most;
  if (numbers < 1 || quota <= 0 || period <= 0 || quota / period >= most) return most;
  return (int)((quota + period - 1) / period);
}

// The least that the process's group and all above it grant. A line of /proc/self/cgroup is "number:controllers:group";
// in a container the group's upper part may be missing below /sys/fs/cgroup.
static int granted_to_process(const char *root, int most) {
  char path[PATH], period[PATH], line[PATH / 2];
  snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group) continue;
    *controllers++ = *group++ = 0;
    const bool second = !*controllers, first = strcmp(controllers, "cpu") == 0 || strncmp(controllers, "cpu,", 4) == 0;
    if (!second && !first) continue;
    for (;;) {
      snprintf(path, sizeof path, "%s/sys/fs/cgroup%s%s/%s", root, second ? "" : "/cpu", group,
          second ? "cpu.max" : "cpu.cfs_quota_us");
      snprintf(period, sizeof period, "%s/sys/fs/cgroup/cpu%s/cpu.cfs_period_us", root, group);
      most = granted(path, period, most);
      char *slash = strrchr(group, '/');
      if (!slash) break;
      *slash = 0;
    }
  }
  if (file) fclose(file);
  return most;
}

int tp_count_cores(const char *root, const int *cpus, int count) {
  int cores = 0;
  for (int i = 0; i < count; i++) cores += is_first_of_core(root, cpus[i], cpus, count);
  const int most = granted_to_process(root, cores);
  return most > 0 ? most : 1;
}
#endif

int tp_cores(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int cpus[CPU_SETSIZE], count = 0;
    for (int i = 0; i < CPU_SETSIZE; i++)
      if (CPU_ISSET(i, &set)) cpus[count++] = i;
    return tp_count_cores("", cpus, count);
  }
#endif
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (int)n : 1;
}
