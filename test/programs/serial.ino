// expect: value: 42
// expect: 100% done
// expect: -1 4294967295 A 65 1
// expect: FF 255
// expect:
// expect: end

int value = 42;
unsigned long top = 4294967295u;
char letter = 'A';
bool flag = true;

void setup() {
  Serial.begin(115200);
  Serial.print("value: ");
  Serial.println(value);
  Serial.println("100% done");
  Serial.print(-1);
  Serial.print(" ");
  Serial.print(top);
  Serial.print(' ');
  Serial.print(letter);
  Serial.print(' ');
  Serial.print((int)letter);
  Serial.print(" ");
  Serial.println(flag);
  Serial.print(255, HEX);
  Serial.print(" ");
  Serial.println(255, DEC);
  Serial.println();
  Serial.println("end");
}

void loop() {
}
