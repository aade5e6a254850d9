// A permit comes from a ledger, or says that it is unaccounted.
#include "sfumato/privacy/permit.h"
using namespace sfumato;
#ifdef FIXED
Permit permit = Permit::unaccounted("books are kept elsewhere");
#else
Permit permit("charge 7");
#endif
