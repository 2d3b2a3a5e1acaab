// expect: .....
// expect: ..#..
// expect: ..#..
// expect: ..#..
// expect: .....
// expect: .....
// expect: .....
// expect: .###.
// expect: .....
// expect: .....
// expect: 3 alive

// Conway's game of life: a blinker on a field of 5 by 5, one generation.
const int SIZE = 5;

bool alive[25] = {
  0, 0, 0, 0, 0,
  0, 0, 1, 0, 0,
  0, 0, 1, 0, 0,
  0, 0, 1, 0, 0,
};
byte neighbours[25];

void show() {
  for (int i = 0; i < SIZE * SIZE; i++) {
    Serial.print(alive[i] ? '#' : '.');
    if (i % SIZE == SIZE - 1) Serial.println();
  }
}

// Tells the cells around one that it is alive.
void tell(int row, int column) {
  for (int y = row - 1; y <= row + 1; y++) {
    if (y < 0 || y >= SIZE) continue;
    for (int x = column - 1; x <= column + 1; x++) {
      if (x < 0 || x >= SIZE || (x == column && y == row)) continue;
      neighbours[y * SIZE + x]++;
    }
  }
}

int generation() {
  int count = 0;
  for (int i = 0; i < SIZE * SIZE; i++) {
    if (alive[i]) tell(i / SIZE, i % SIZE);
  }
  for (int i = 0; i < SIZE * SIZE; i++) {
    alive[i] = neighbours[i] == 3 || (alive[i] && neighbours[i] == 2);
    neighbours[i] = 0;
    count += alive[i];
  }
  return count;
}

int main() {
  show();
  int count = generation();
  show();
  printf("%d alive\n", count);
}
