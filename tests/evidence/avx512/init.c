/* The first process of an emulated machine: runs /bin/program with the words of /arguments, shows what
   it left in /out.xml, and switches the machine off. All output goes to the serial line. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char* file, const char* only) {
  char line[8192];
  FILE* in = fopen(file, "r");
  while (in != NULL && fgets(line, sizeof line, in) != NULL)
    if (strncmp(line, only, strlen(only)) == 0) fputs(line, stdout);
}

static void run(void) {
  char words[1024] = {0};
  char* list[32] = {"/bin/program"};
  /* The emulator's XSAVEC, by which the loader would bind lazily, faults: bind all at once. */
  char* environment[] = {"LD_LIBRARY_PATH=/lib", "LD_BIND_NOW=1", NULL};
  FILE* in = fopen("/arguments", "r");
  if (in == NULL || fgets(words, sizeof words, in) == NULL) words[0] = '\0';
  int count = 1;
  for (char* word = strtok(words, " \n"); word != NULL && count < 31; word = strtok(NULL, " \n"))
    list[count++] = word;
  execve(list[0], list, environment);
  _exit(127);
}

int main(void) {
  mount("proc", "/proc", "proc", 0, NULL);
  mount("dev", "/dev", "devtmpfs", 0, NULL);
  const int serial = open("/dev/ttyS0", O_RDWR);
  dup2(serial, 0), dup2(serial, 1), dup2(serial, 2);
  setbuf(stdout, NULL);
  show("/proc/cpuinfo", "flags");
  const pid_t child = fork();
  if (child == 0) run();
  int status = 0;
  waitpid(child, &status, 0);
  show("/out.xml", "");
  printf("exit %d, signal %d\n", WEXITSTATUS(status), WTERMSIG(status));
  sleep(1);
  reboot(RB_POWER_OFF);
  return 1;
}
