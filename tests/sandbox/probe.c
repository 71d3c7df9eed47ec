/* SPDX-License-Identifier: Apache-2.0 */
/* What a vendor's service may try, one attempt a run: probe WORD ARGUMENTS. Ends with 0 if it
 * worked, else with the errno; 200 for a call that is not known here, 201 for a wrong result. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WRONG = 201 };

static char** words; /* after the attempt's name */

static int number(int i) {
    return words[i] ? atoi(words[i]) : 0;
}

static socklen_t address_of(struct sockaddr_storage* to) {
    memset(to, 0, sizeof *to);
    if (strchr(words[0], ':')) {
        struct sockaddr_in6* six = (struct sockaddr_in6*)to;
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)number(1));
        inet_pton(AF_INET6, words[0], &six->sin6_addr);
        return sizeof *six;
    }
    struct sockaddr_in* four = (struct sockaddr_in*)to;
    four->sin_family = AF_INET;
    four->sin_port = htons((uint16_t)number(1));
    inet_pton(AF_INET, words[0], &four->sin_addr);
    return sizeof *four;
}

static int result(long value) {
    return value < 0 ? errno : 0;
}

static int connect_it(int flags) {
    struct sockaddr_storage to;
    socklen_t size = address_of(&to);
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    int error = result(connect(fd, (struct sockaddr*)&to, size));
    if (error == 0 && write(fd, "x", 1) != 1) error = errno;
    if ((fcntl(fd, F_GETFL) & O_NONBLOCK) != flags) error = WRONG;
    if (error == EINPROGRESS) {
        struct pollfd wait = {fd, POLLOUT, 0};
        poll(&wait, 1, 5000);
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
    }
    close(fd);
    return error;
}
static int try_connect(void) {
    return connect_it(0);
}
static int try_connect_later(void) {
    return connect_it(SOCK_NONBLOCK);
}
static int try_connect_often(void) {
    int count = number(2), error = 0;
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < count && error == 0; ++i) error = connect_it(0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double us =
        (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3;
    fprintf(stderr, "%.0f us each\n", us / count);
    return error;
}
/* Another thread exchanges the port in memory between the two all the time. */
static struct sockaddr_in swapped;
static volatile int swapping = 1;
static void* swap_ports(void* context) {
    (void)context;
    volatile in_port_t* port = &swapped.sin_port;
    while (swapping) {
        *port = htons((uint16_t)number(1));
        *port = htons((uint16_t)number(2));
    }
    return NULL;
}
static int try_swapped(void) {
    pthread_t thread;
    int worked = 0, failed = 0;
    swapped.sin_family = AF_INET;
    swapped.sin_port = htons((uint16_t)number(1));
    inet_pton(AF_INET, words[0], &swapped.sin_addr);
    pthread_create(&thread, NULL, swap_ports, NULL);
    for (int i = 0; i < 400; ++i) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int error = result(connect(fd, (struct sockaddr*)&swapped, sizeof swapped));
        if (error == 0 && write(fd, "x", 1) == 1) ++worked;
        if (error != 0) ++failed;
        close(fd);
    }
    swapping = 0;
    pthread_join(thread, NULL);
    fprintf(stderr, "swapped: %d worked, %d failed\n", worked, failed);
    return 0;
}
static int try_udp_connect(void) {
    struct sockaddr_storage to;
    socklen_t size = address_of(&to);
    int fd = socket(to.ss_family, SOCK_DGRAM, 0);
    int error = result(connect(fd, (struct sockaddr*)&to, size));
    if (error == 0) error = result(send(fd, "x", 1, 0));
    return error;
}

static int errors[16];
static void* one_of_many(void* context) {
    int* error = context;
    *error = connect_it(error - errors < 8 ? 0 : SOCK_NONBLOCK);
    return NULL;
}
static int try_threads(void) {
    pthread_t threads[16];
    int worst = 0;
    for (int i = 0; i < 16; ++i) pthread_create(&threads[i], NULL, one_of_many, &errors[i]);
    for (int i = 0; i < 16; ++i) {
        pthread_join(threads[i], NULL);
        if (errors[i] != 0) worst = errors[i];
    }
    return worst;
}

static int try_sendto(void) {
    struct sockaddr_storage to;
    socklen_t size = address_of(&to);
    int fd = socket(to.ss_family, SOCK_DGRAM, 0);
    if (words[2]) to.ss_family = (sa_family_t)number(2);
    return result(sendto(fd, "hello", 5, 0, (struct sockaddr*)&to, size));
}
static int send_message(int flags, int many) {
    struct sockaddr_storage to;
    struct iovec pieces[2] = {{"hel", 3}, {"lo", 2}};
    struct mmsghdr message = {{&to, address_of(&to), pieces, 2, NULL, 0, 0}, 0};
    int fd = socket(to.ss_family, SOCK_DGRAM, 0);
    if (!many) return result(sendmsg(fd, &message.msg_hdr, flags));
    int error = result(sendmmsg(fd, &message, 1, flags));
    return error == 0 && message.msg_len != 5 ? WRONG : error;
}
static int try_sendmsg(void) {
    return send_message(0, 0);
}
static int try_sendmmsg(void) {
    return send_message(0, 1);
}
static int try_fast_open(void) {
    struct sockaddr_storage to;
    socklen_t size = address_of(&to);
    int fd = socket(to.ss_family, SOCK_STREAM, 0);
    return result(sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr*)&to, size));
}
static int try_mark(void) { /* control data that asks for a capability */
    struct sockaddr_storage to;
    socklen_t size = address_of(&to);
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SO_MARK}};
    struct iovec piece = {"x", 1};
    struct msghdr message = {&to, size, &piece, 1, &control, sizeof control, 0};
    return result(sendmsg(socket(to.ss_family, SOCK_DGRAM, 0), &message, 0));
}
static int try_bind(void) {
    struct sockaddr_storage to;
    socklen_t size = address_of(&to);
    int fd = socket(to.ss_family, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (words[2]) to.ss_family = (sa_family_t)number(2);
    int error = result(bind(fd, (struct sockaddr*)&to, size));
    return error != 0 ? error : result(listen(fd, 1));
}

static socklen_t path_of(struct sockaddr_un* to) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    if (words[0][0] != '@') {
        strcpy(to->sun_path, words[0]);
        return sizeof *to;
    }
    strcpy(to->sun_path + 1, words[0] + 1);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(words[0]));
}
static int try_path(void) {
    struct sockaddr_un to;
    socklen_t size = path_of(&to);
    return result(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr*)&to, size));
}
static int try_path_send(void) {
    struct sockaddr_un to;
    socklen_t size = path_of(&to);
    return result(sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "x", 1, 0, (struct sockaddr*)&to, size));
}
static int try_path_bind(void) {
    struct sockaddr_un to;
    socklen_t size = path_of(&to);
    return result(bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr*)&to, size));
}

/* Over a socket pair of its own: a descriptor, and more than fits at once. */
static int try_rights(void) {
    int pair[2], pipes[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(pipes) != 0) return errno;
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    memcpy(CMSG_DATA(&control.header), &pipes[1], sizeof(int));
    char byte = 'x';
    struct iovec piece = {&byte, 1};
    struct msghdr message = {NULL, 0, &piece, 1, &control, sizeof control, 0};
    if (sendmsg(pair[0], &message, 0) != 1) return errno;
    if (recvmsg(pair[1], &message, 0) != 1) return errno;
    int got = -1;
    memcpy(&got, CMSG_DATA(&control.header), sizeof(int));
    if (write(got, "y", 1) != 1 || read(pipes[0], &byte, 1) != 1 || byte != 'y') return WRONG;
    return 0;
}
static void* read_slowly(void* context) {
    static char buffer[4096];
    long left = 5 * 60000;
    usleep(100000);
    while (left > 0) {
        ssize_t size = read(*(int*)context, buffer, sizeof buffer);
        if (size <= 0) break;
        left -= size;
    }
    return left == 0 ? NULL : context;
}
static int try_blocking_send(void) {
    static char data[60000];
    int pair[2];
    pthread_t thread;
    void* bad = NULL;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return errno;
    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &(int){8192}, sizeof(int));
    pthread_create(&thread, NULL, read_slowly, &pair[1]);
    for (int i = 0; i < 5; ++i) {
        struct iovec piece = {data, sizeof data};
        struct msghdr message = {NULL, 0, &piece, 1, NULL, 0, 0};
        ssize_t size = sendmsg(pair[0], &message, 0);
        if (size != sizeof data) return size < 0 ? errno : WRONG;
    }
    pthread_join(thread, &bad);
    return bad ? WRONG : 0;
}

static int try_names(void) {
    struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    return getaddrinfo("127.0.0.1", "80", &hints, &found) == 0 && found ? 0 : WRONG;
}
static int netlink(int protocol, int type) {
    struct {
        struct nlmsghdr header;
        char body[32];
    } request = {{sizeof request, (uint16_t)type, NLM_F_REQUEST | NLM_F_ACK, 1, 0}, {0}};
    struct sockaddr_nl self = {.nl_family = AF_NETLINK}, kernel = {.nl_family = AF_NETLINK};
    int fd = socket(AF_NETLINK, SOCK_RAW, protocol);
    if (fd < 0 || bind(fd, (struct sockaddr*)&self, sizeof self) != 0) return errno;
    return result(
        sendto(fd, &request, sizeof request, 0, (struct sockaddr*)&kernel, sizeof kernel));
}
static int try_netlink_get(void) {
    return netlink(NETLINK_ROUTE, 18); /* RTM_GETLINK */
}
static int try_netlink_set(void) {
    return netlink(NETLINK_ROUTE, 19); /* RTM_SETLINK */
}
static int try_netlink_other(void) {
    return netlink(NETLINK_GENERIC, 18);
}
static int try_family(void) {
    return result(socket(number(0), number(1), number(2)));
}
static int try_source_route(void) {
    const char route[] = {1, (char)131, 7, 4, 127, 0, 0, 1};
    return result(setsockopt(socket(AF_INET, SOCK_DGRAM, 0), 0, 4, route, sizeof route));
}

static int try_ptrace(void) {
    return result(ptrace(PTRACE_SEIZE, number(0), NULL, NULL));
}
static int try_read_memory(void) {
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    return result(process_vm_readv(number(0), &here, 1, &there, 1, 0));
}
static int try_namespaces(void) {
    return result(unshare(CLONE_NEWUSER));
}
static int try_clone_namespaces(void) {
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0L);
    if (pid == 0) _exit(0);
    return result(pid);
}
static int try_call(void) {
    return result(syscall(number(0), 0L, 0L, 0L, 0L, 0L));
}
static int try_kill(void) {
    return result(kill(number(0), number(1)));
}
static int try_kill_by_pidfd(void) {
    int fd = (int)syscall(SYS_pidfd_open, number(0), 0);
    if (fd < 0) return errno;
    return result(syscall(SYS_pidfd_send_signal, fd, number(1), NULL, 0));
}
static int try_join_group(void) {
    return result(setpgid(0, number(0)));
}
static int try_own_signals(void) {
    signal(SIGUSR1, SIG_IGN);
    if (raise(SIGUSR1) != 0 || kill(getpid(), SIGUSR1) != 0 || kill(0, SIGUSR1) != 0) return errno;
    if (pthread_kill(pthread_self(), SIGUSR1) != 0) return WRONG;
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        signal(SIGABRT, SIG_DFL);
        if (raise(SIGUSR1) != 0) _exit(1);
        for (;;) pause();
    }
    setpgid(child, child);
    int status = 0, fd = (int)syscall(SYS_pidfd_open, child, 0);
    if (kill(-child, SIGUSR1) != 0) return errno;
    if (syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0) != 0) return errno;
    if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status)) return WRONG;
    child = fork();
    if (child == 0) abort();
    if (waitpid(child, &status, 0) != child || WTERMSIG(status) != SIGABRT) return WRONG;
    return 0;
}
static int try_limits(void) {
    struct rlimit tight = {1, 1};
    return result(prlimit(number(0), RLIMIT_CPU, &tight, NULL));
}
static int try_slow(void) {
    return result(setpriority(PRIO_PROCESS, (id_t)number(0), 19));
}
static int try_owner(void) {
    return result(fcntl(0, F_SETOWN, number(0)));
}
static int try_write(void) {
    return result(open(words[0], O_WRONLY | O_CREAT, 0600));
}
static int try_read(void) {
    return result(open(words[0], O_RDONLY));
}
static int try_truncate(void) {
    return result(open(words[0], O_RDONLY | O_TRUNC));
}
static int try_program(void) {
    int status = system("exit 3");
    return WIFEXITED(status) && WEXITSTATUS(status) == 3 ? 0 : WRONG;
}
static int try_privileges(void) {
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return WRONG;
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    if (core.rlim_max != 0) return WRONG;
    char line[256];
    unsigned long long held = 1;
    FILE* file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) (void)sscanf(line, "CapEff: %llx", &held);
    if (file) fclose(file);
    return held == 0 ? 0 : WRONG;
}

static const struct {
    const char* name;
    int (*try)(void);
} attempts[] = {{"connect", try_connect},
                {"connect_later", try_connect_later},
                {"connect_often", try_connect_often},
                {"swapped", try_swapped},
                {"udp_connect", try_udp_connect},
                {"threads", try_threads},
                {"sendto", try_sendto},
                {"sendmsg", try_sendmsg},
                {"sendmmsg", try_sendmmsg},
                {"fast_open", try_fast_open},
                {"mark", try_mark},
                {"bind", try_bind},
                {"path", try_path},
                {"path_send", try_path_send},
                {"path_bind", try_path_bind},
                {"rights", try_rights},
                {"blocking_send", try_blocking_send},
                {"names", try_names},
                {"netlink_get", try_netlink_get},
                {"netlink_set", try_netlink_set},
                {"netlink_other", try_netlink_other},
                {"family", try_family},
                {"source_route", try_source_route},
                {"ptrace", try_ptrace},
                {"read_memory", try_read_memory},
                {"namespaces", try_namespaces},
                {"clone_namespaces", try_clone_namespaces},
                {"call", try_call},
                {"kill", try_kill},
                {"kill_by_pidfd", try_kill_by_pidfd},
                {"join_group", try_join_group},
                {"own_signals", try_own_signals},
                {"limits", try_limits},
                {"slow", try_slow},
                {"owner", try_owner},
                {"write", try_write},
                {"read", try_read},
                {"truncate", try_truncate},
                {"program", try_program},
                {"privileges", try_privileges}};

/* Looking for leaks at the end needs ptrace. */
const char* __asan_default_options(void);
const char* __asan_default_options(void) {
    return "detect_leaks=0";
}

int main(int count, char** all) {
    words = all + 2;
    for (size_t i = 0; count > 1 && i < sizeof attempts / sizeof *attempts; ++i)
        if (strcmp(attempts[i].name, all[1]) == 0) return attempts[i].try();
    return 200;
}
