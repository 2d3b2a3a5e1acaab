// Start-up coordination demo.
//
// setup() says hello and shows on the LED that the board is alive: five rapid blinks, then the LED stays on.
// loop() blinks slowly; three fast blinks answer a press of the user button.

void setup() {
  // Give whoever listens time to open the serial port.
  delay(2000);
  printf("Hello from the Nucleo-G474RE\n");
  printf("Startup coordination demo\n");

  pinMode(LED_BUILTIN, OUTPUT);
  printf("LED pin is an output\n");

  // Five rapid blinks: 100 ms on, 100 ms off.
  printf("Starting 5 rapid blinks\n");
  int k = 1;
  while (k <= 5) {
    printf("Blink %d: LED ON\n", k);
    digitalWrite(LED_BUILTIN, HIGH);
    delay(100);
    printf("Blink %d: LED OFF\n", k);
    digitalWrite(LED_BUILTIN, LOW);
    delay(100);
    k++;
  }

  printf("LED stays on\n");
  digitalWrite(LED_BUILTIN, HIGH);
  printf("Setup complete\n");
}

void loop() {
  // Slow heartbeat: one second on, one second off.
  digitalWrite(LED_BUILTIN, HIGH);
  delay(1000);
  digitalWrite(LED_BUILTIN, LOW);
  delay(1000);

  // The user button reads HIGH while it is pressed.
  if (digitalRead(USER_BTN) == HIGH) {
    for (int i = 0; i < 3; i++) {
      digitalWrite(LED_BUILTIN, HIGH);
      delay(200);
      digitalWrite(LED_BUILTIN, LOW);
      delay(200);
    }
  }
}
