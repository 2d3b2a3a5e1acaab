// expect: 1 3 0 2
// expect: 2 0 3 1
// expect: 2 solutions for 4 queens

// Queens that don't see each other: one in each row, found by trying and going back. Columns and diagonals in use are bits.
const int SIZE = 4;

int queens[SIZE];
int solutions = 0;

void place(int row, byte columns, byte rising, byte falling) {
  if (row == SIZE) {
    solutions++;
    for (int i = 0; i < SIZE; i++) printf("%d%c", queens[i], i + 1 < SIZE ? ' ' : '\n');
    return;
  }
  for (int column = 0; column < SIZE; column++) {
    byte up = 1 << (row + column);
    byte down = 1 << (row - column + SIZE - 1);
    if (columns & 1 << column || rising & up || falling & down) continue;
    queens[row] = column;
    place(row + 1, columns | 1 << column, rising | up, falling | down);
  }
}

int main() {
  place(0, 0, 0, 0);
  printf("%d solutions for %d queens\n", solutions, SIZE);
}
