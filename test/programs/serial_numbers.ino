// expect: -128 200 A 1 0
// expect: 4294967295 -1 FFFFFFFF
// expect: 41 65 FF 7F
// expect: 3 % of 40, [tab	] "quoted"
// expect: abcde

byte level = 200;
int8_t low = -128;
char letter = 64;
bool on = true;
unsigned int all = 4294967295u;

void setup() {
  Serial.begin(9600);
  Serial.print(low); Serial.print(' '); Serial.print(level); Serial.print(' ');
  Serial.print(++letter); Serial.print(' '); Serial.print(on); Serial.print(' '); Serial.println(!on);
  Serial.print(all); Serial.print(" "); Serial.print((int)all); Serial.print(" "); Serial.println(all, HEX);
  Serial.print(letter, HEX); Serial.print(' '); Serial.print(letter, DEC); Serial.print(' ');
  Serial.print(255, HEX); Serial.print(' '); Serial.println((byte)127, HEX);
  Serial.print(3);
  Serial.print(" % of ");
  Serial.print(level / 5);
  Serial.println(", [tab\t] \"quoted\"");
  for (char c = 'a'; c <= 'd'; c++) Serial.print(c);
  Serial.println(letter == 'A' ? 'e' : 'f');
}

void loop() {
}
