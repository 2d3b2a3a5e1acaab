// expect: A > C
// expect: A > B
// expect: C > B
// expect: A > C
// expect: B > A
// expect: B > C
// expect: A > C
// expect: 3 disks: 7 moves, 6 disks: 63 moves

int moves;

void move(int disks, char from, char to, char over) {
  if (disks == 0) return;
  move(disks - 1, from, over, to);
  moves++;
  printf("%c > %c\n", from, to);
  move(disks - 1, over, to, from);
}

int count(int disks) { return disks ? 2 * count(disks - 1) + 1 : 0; }

int main() {
  move(3, 'A', 'C', 'B');
  printf("3 disks: %d moves, 6 disks: %d moves\n", moves, count(6));
}
