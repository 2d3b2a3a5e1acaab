// expect: pressed 0 released 1
// expect: idle
// expect: idle
// expect: idle
// rounds: 3

// Nobody presses anything while this program is tested.
const int BUTTON = 0;

void setup() {
  bool pressed = buttonPressed(BUTTON);
  bool released = buttonReleased(BUTTON);
  printf("pressed %d released %d\n", pressed, released);
}

void loop() {
  if (buttonPressed(BUTTON)) {
    printf("pressed\n");
  } else if (buttonReleased(BUTTON)) {
    printf("idle\n");
  } else {
    printf("neither\n");
  }
  delay(20);
}
