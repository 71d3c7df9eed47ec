/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that tries to get out. Each attempt is one vertex: x its number, y 1 if it succeeded, u
 * the errno. */
#define _GNU_SOURCE
#include <beaconwall/panel.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int opens(const char* path, int flags) {
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0) return 0;
    close(fd);
    return 1;
}

static int read_a_secret(void) {
    return opens("/etc/passwd", O_RDONLY);
}
static int read_another_plugin(void) {
    return opens(OTHER_FILE, O_RDONLY);
}
static int write_in_its_folder(void) {
    return opens(OWN_FOLDER "/escaped", O_WRONLY | O_CREAT);
}
static int write_elsewhere(void) {
    return opens("/tmp/bw-escaped", O_WRONLY | O_CREAT);
}
static int truncate_its_library(void) {
    return truncate(OWN_FOLDER "/escape.so", 10) == 0;
}
static int empty_its_library(void) {
    return opens(OWN_FOLDER "/escape.so", O_RDONLY | O_TRUNC);
}
static int share_memory(void) {
    return mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
static int look_into_its_parent(void) {
    char path[64] = "/proc/";
    int at = 6;
    for (int left = getppid(), power = 1000000000; power > 0; power /= 10)
        if (left / power > 0 || at > 6) path[at++] = (char)('0' + left / power % 10);
    strcpy(path + at, "/mem");
    return opens(path, O_RDONLY);
}
static int open_a_socket(void) {
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static int open_a_path_socket(void) {
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}
static int connect_what_it_has(void) {
    struct sockaddr_un somewhere = {AF_UNIX, "/run/somewhere"};
    return connect(3, (struct sockaddr*)&somewhere, sizeof somewhere) == 0;
}
static int start_a_process(void) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid(pid, NULL, 0);
    return pid > 0;
}
static int run_a_program(void) {
    char* const words[] = {"/bin/true", NULL};
    return execv(words[0], words) == 0; /* does not come back if it may */
}
static int trace_its_parent(void) {
    return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}
static int signal_its_parent(void) {
    return kill(getppid(), 0) == 0;
}
static int be_another_user(void) {
    return setuid(65534) == 0;
}
static int have_namespaces(void) {
    return unshare(CLONE_NEWUSER) == 0;
}
static int make_memory_files(void) {
    return memfd_create("escaped", 0) >= 0;
}
static int take_all_memory(void) {
    char* pieces[32];
    int count = 0;
    while (count < 32 && (pieces[count] = malloc(128u << 20)) != NULL) pieces[count++][0] = 1;
    int fault = errno;
    for (int i = 0; i < count; ++i) free(pieces[i]);
    errno = fault;
    return count == 32;
}
static int take_all_descriptors(void) {
    int held[2000], count = 0;
    while (count < 2000 && (held[count] = dup(2)) >= 0) ++count;
    for (int i = 0; i < count; ++i) close(held[i]);
    return count == 2000;
}
/* What must go on working. */
static int read_its_folder(void) {
    return opens(OWN_FOLDER "/escape.so", O_RDONLY);
}
static void* nothing(void* context) {
    return context;
}
static int have_threads(void) {
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static int (*const attempts[])(void) = {
    read_a_secret,        read_another_plugin,  write_in_its_folder, write_elsewhere,
    truncate_its_library, look_into_its_parent, open_a_socket,       open_a_path_socket,
    connect_what_it_has,  start_a_process,      run_a_program,       trace_its_parent,
    signal_its_parent,    be_another_user,      have_namespaces,     make_memory_files,
    take_all_memory,      take_all_descriptors, empty_its_library,   share_memory,
    read_its_folder,      have_threads};
enum { ATTEMPTS = sizeof attempts / sizeof *attempts };

static bw_vertex_t vertices[ATTEMPTS + 1];
static uint32_t indices[3] = {0, 1, 2};
static bw_draw_command_t command = {0, 0, 640, 480, 0, 0, 3, -1, 0};

static void configure(bw_panel_t* panel, const bw_pane_config_t* config) {
    (void)panel;
    (void)config;
}
static bool event(bw_panel_t* panel, const bw_event_t* event) {
    (void)panel;
    (void)event;
    return false;
}
static bool input(bw_panel_t* panel, const bw_input_t* input) {
    (void)panel;
    (void)input;
    return false;
}
static bool draw(bw_panel_t* panel, bw_draw_list_t* out) {
    (void)panel;
    out->vertices = vertices;
    out->vertex_count = ATTEMPTS;
    out->indices = indices;
    out->index_count = 3;
    out->commands = &command;
    out->command_count = 1;
    return true;
}
static void destroy(bw_panel_t* panel) {
    (void)panel;
}
static bw_panel_t panel = {NULL, configure, event, input, draw, destroy};

static bw_panel_t* create(const bw_host_t* host, uint64_t handle, const char* panel_id) {
    (void)host;
    (void)handle;
    (void)panel_id;
    for (int i = 0; i < ATTEMPTS; ++i) {
        errno = 0;
        vertices[i].x = (float)i;
        vertices[i].y = (float)attempts[i]();
        vertices[i].u = (float)errno;
    }
    return &panel;
}
static bool init(const bw_host_t* host) {
    (void)host;
    return true;
}
static void deinit(void) {}

extern const bw_panel_entry_t beaconwall_panel_entry;
__attribute__((visibility("default")))
const bw_panel_entry_t beaconwall_panel_entry = {BW_ABI_VERSION, init, deinit, create};
