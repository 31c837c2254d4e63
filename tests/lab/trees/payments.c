/* The application of the lab: a small HTTP service with /health and /metrics, which logs each request. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static unsigned long requests;

static void answer(int client) {
  char request[8192], method[16] = "", path[1024] = "", body[512], head[256];
  struct timeval limit = {2, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  size_t used = 0;
  while (used < sizeof request - 1) {
    ssize_t got = read(client, request + used, sizeof request - 1 - used);
    if (got <= 0) break;
    used += (size_t)got;
    request[used] = 0;
    if (strstr(request, "\r\n\r\n")) break;
  }
  if (sscanf(request, "%15s %1023s", method, path) != 2 || used == 0) return;
  requests++;
  path[strcspn(path, "?")] = 0;
  const char *status = "200 OK", *type = "application/json";
  if (!strcmp(path, "/health")) {
    snprintf(body, sizeof body, "{\"status\":\"ok\",\"database\":\"ok\",\"redis\":\"ok\"}\n");
  } else if (!strcmp(path, "/metrics")) {
    type = "text/plain; version=0.0.4";
    snprintf(body, sizeof body, "# TYPE http_requests_total counter\nhttp_requests_total %lu\n", requests);
  } else if (!strcmp(path, "/")) {
    snprintf(body, sizeof body, "{\"service\":\"payments\"}\n");
  } else {
    status = "404 Not Found";
    snprintf(body, sizeof body, "{\"error\":\"not found\"}\n");
  }
  snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
           status, type, strlen(body));
  dprintf(client, "%s%s", head, strcmp(method, "HEAD") ? body : "");
  printf("INFO %s %s %.3s\n", method, path, status);
}

int main(void) {
  const char *bind_to = getenv("BIND");
  char host[64] = "127.0.0.1";
  int port = 8080, yes = 1;
  if (bind_to) sscanf(bind_to, "%63[^:]:%d", host, &port);
  signal(SIGPIPE, SIG_IGN);
  setvbuf(stdout, NULL, _IOLBF, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 64)) {
    perror("payments: cannot listen");
    return 1;
  }
  printf("INFO listening on %s:%d\n", host, port);
  for (;;) {
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) continue;
    answer(client);
    close(client);
  }
}
