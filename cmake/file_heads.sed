# Turns the // comment at the head of a header into Doxygen's description of the file. No line is added or taken away.
1s|^#pragma once$|/// \\file|
2,/^$/{
  /^\/\//s|<|\\<|g
  s|^//|///|
}
