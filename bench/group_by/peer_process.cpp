#include "group_by/peer_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace polyloop::bench::group_by {

namespace {

struct two_ends {
  int read = -1;
  int write = -1;

  two_ends() {
    std::array<int, 2> ends;
    if (pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    // Not for the peers that are started later: this one would not see the end.
    for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
    read = ends[0];
    write = ends[1];
  }
};

[[noreturn]] void become(const std::vector<std::string>& command, const two_ends& in, const two_ends& out) {
  dup2(in.read, STDIN_FILENO);
  dup2(out.write, STDOUT_FILENO);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words.front(), words.data());
  _exit(127);
}

}  // namespace

peer_process::peer_process(const std::vector<std::string>& command) {
  const two_ends in;
  const two_ends out;
  child_ = fork();
  if (child_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child_ == 0) become(command, in, out);
  close(in.read);
  close(out.write);
  to_ = fdopen(in.write, "w");
  from_ = fdopen(out.read, "r");
  while (line() != "ready") {
  }
}

peer_process::~peer_process() {
  std::fclose(to_);
  std::fclose(from_);
  waitpid(child_, nullptr, 0);
}

std::string peer_process::line() {
  std::string text;
  for (int c = std::fgetc(from_); c != '\n'; c = std::fgetc(from_)) {
    if (c == EOF) throw std::runtime_error("a peer has ended without an answer");
    text += static_cast<char>(c);
  }
  return text;
}

peer_answer peer_process::ask(const std::string& question) {
  std::fprintf(to_, "%s\n", question.c_str());
  std::fflush(to_);
  const std::string text = line();
  peer_answer answer;
  if (!(std::istringstream(text) >> answer.seconds >> answer.groups >> answer.total))
    throw std::runtime_error("a peer answers: " + text);
  return answer;
}

double peer_process::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(child_, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace polyloop::bench::group_by
