// expect: 0 50 100
// expect: -1 0 1
// expect: ON OFF
// expect: 1 asked
// expect: 9 4
// expect: even odd even

int asked = 0;

int ask(int value) {
  asked++;
  return value;
}

int clamp(int value, int low, int high) {
  return value < low ? low : value > high ? high : value;
}

int sign(int value) { return value < 0 ? -1 : value > 0; }

int main() {
  printf("%d %d %d\n", clamp(-5, 0, 100), clamp(50, 0, 100), clamp(150, 0, 100));
  printf("%d %d %d\n", sign(-77), sign(0), sign(77));

  bool on = true;
  printf("%s %s\n", on ? "ON" : "OFF", !on ? "ON" : "OFF");

  // Only the chosen alternative is evaluated.
  int chosen = on ? ask(4) : ask(5) + ask(6);
  printf("%d asked\n", asked);

  int other = 0;
  int nine = (on ? chosen : other) + (on ? 5 : 50);
  printf("%d %d\n", nine, chosen);

  for (int i = 0; i < 3; i++) printf("%s%s", i > 0 ? " " : "", i % 2 == 0 ? "even" : "odd");
  printf("\n");
  return 0;
}
