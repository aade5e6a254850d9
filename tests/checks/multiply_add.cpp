// The pattern that a compiler fuses where it may: plain, and as vectors the way kernels write it.
// Compiled with the flags of the library for a processor that has the instruction (CMakeLists.txt).
namespace sfumato {

using FourDoubles = double __attribute__((vector_size(32)));

double multiply_add(double a, double b, double c);
FourDoubles multiply_add(const FourDoubles& a, const FourDoubles& b, const FourDoubles& c);
void multiply_add(const double* a, const double* b, double* c, int n);

double multiply_add(double a, double b, double c) {
  return a * b + c;
}

FourDoubles multiply_add(const FourDoubles& a, const FourDoubles& b, const FourDoubles& c) {
  return a * b + c;
}

void multiply_add(const double* a, const double* b, double* c, int n) {
  for (int i = 0; i < n; ++i) c[i] = a[i] * b[i] + c[i];
}

}  // namespace sfumato
