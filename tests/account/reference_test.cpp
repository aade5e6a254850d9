#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

#include "account/event_law.h"
#include "account/side_curve.h"
#include "base/enclosure.h"
#include "sfumato/account/amplification.h"
#include "sfumato/account/calibration.h"
#include "sfumato/account/composition.h"
#include "sfumato/account/event_text.h"
#include "sfumato/account/renyi.h"
#include "support/exact.h"

// Facts of privacy accounting to 15-20 digits that others computed: closed forms by mpmath with 80 digits, those of
// Gaussian, Laplace and discrete laws also as certified balls of Arb; mixtures by Arb's contours; sampled Gaussians
// in number by two contours with 80-bit numbers whose steps in y were refined until they agreed.

namespace sfumato {
namespace {

/// What is asked of releases, and the answer, which may itself be off by a share.
struct Fact {
  const char *name, *events, *at, *value;
  double width;  // that our bounds may have, as a share
  double off;
};

struct SigmaFact {
  const char *name, *epsilon, *delta, *sigma;
};

struct AmplifiedFact {
  const char *name, *epsilon, *delta, *q, *epsilon_after, *delta_after;
};

constexpr Fact kDeltas[] = {
    {"G-delta-01", "gaussian(sigma=1, sensitivity=1)", "0", "0.38292492254802620728", 1e-12, 1e-19},
    {"G-delta-04", "gaussian(sigma=1, sensitivity=1)", "1", "0.1269367375066439458", 1e-12, 1e-18},
    {"G-delta-07", "gaussian(sigma=1, sensitivity=1)", "20", "2.6647067053654976526e-86", 1e-12,
     1e-19},
    {"G-delta-10", "gaussian(sigma=1, sensitivity=0.1)", "0.01", "0.035252970759279496093", 1e-12,
     1e-19},
    {"G-delta-13", "gaussian(sigma=1, sensitivity=0.01)", "0.001", "3.5110920258420982562e-3",
     1e-12, 1e-19},
    {"G-delta-16", "gaussian(sigma=1, sensitivity=1e-3)", "0.005", "5.3595470410572126784e-11",
     1e-12, 1e-19},
    {"G-delta-19", "gaussian(sigma=1, sensitivity=3)", "1", "0.78760074136038453359", 1e-12, 1e-19},
    {"G-delta-22", "gaussian(sigma=1, sensitivity=3)", "40", "2.6280959900306694757e-33", 1e-12,
     1e-19},
    {"G-delta-25", "gaussian(sigma=1, sensitivity=10)", "100", "1.8797170020519157446e-7", 1e-12,
     1e-19},
    {"G-delta-28", "gaussian(sigma=1, sensitivity=0.5)", "6", "1.4222280434933783472e-33", 1e-12,
     1e-19},
    {"G-delta-31", "gaussian(sigma=1, sensitivity=1e-8)", "1e-9", "3.5093533138018232766e-9", 1e-12,
     1e-19},
    {"Z-delta-01", "zcdp(rho=0.5)", "1", "0.24684633078294448707", 1e-12, 1e-19},
    {"Z-delta-04", "zcdp(rho=0.005)", "0.1", "0.017528893045683112241", 1e-12, 1e-19},
    {"Z-delta-07", "zcdp(rho=0.1)", "2", "4.325210869092558232e-6", 1e-12, 1e-18},
    {"Z-delta-10", "zcdp(rho=1e-6)", "0.01", "1.0169180723476529126e-15", 1e-12, 1e-19},
    {"Z-delta-13", "zcdp(rho=0.5)", "20", "4.9424314740979567705e-85", 1e-12, 1e-19},
    {"RR-01", "randomized_response(p=0.1, categories=2)", "0", "0.9", 1e-12, 0},
    {"RR-04", "randomized_response(p=0.1, categories=2)", "3", "0.0", 1e-12, 0},
    {"RR-07", "randomized_response(p=0.5, categories=2)", "1", "0.07042954288523869116", 1e-12,
     1e-18},
    {"RR-10", "randomized_response(p=0.9, categories=2)", "0.05", "0.076928006630789182136", 1e-12,
     1e-19},
    {"RR-13", "randomized_response(p=0.5, categories=10)", "0", "0.5", 1e-12, 0},
    {"RR-16", "randomized_response(p=0.5, categories=10)", "3", "0.0", 1e-12, 0},
    {"RR-19", "randomized_response(p=0.01, categories=100)", "1", "0.98982817181715409548", 1e-12,
     1e-19},
    {"RR-22", "randomized_response(p=0.999, categories=1000)", "0.05", "9.4878017472035198434e-4",
     1e-12, 1e-19},
    {"K-delta-01", "pure(epsilon=1)", "0.5", "0.28764913664496792492", 1e-12, 1e-19},
    {"K-delta-04", "pure(epsilon=0.1)*10", "0.5", "9.9296269173888525321e-3", 1e-12, 1e-19},
    {"K-delta-07", "pure(epsilon=0.1)*100", "1", "0.12568839024063642514", 1e-12, 1e-19},
    {"K-delta-10", "pure(epsilon=0.01)*100", "0.2", "9.0261613097617178537e-4", 1e-12, 1e-19},
    {"K-delta-13", "pure(epsilon=0.01)*1000", "2", "1.3934827208459946528e-11", 1e-12, 1e-19},
    {"K-delta-16", "pure(epsilon=0.01)*10000", "3", "1.5353963330320726108e-3", 1e-12, 1e-19},
    {"K-delta-19", "approx(epsilon=0.1, delta=1e-10)*100", "3", "1.3614086812176012127e-3", 1e-12,
     1e-19},
    {"MV-02", "pure(epsilon=0.5), pure(epsilon=1), pure(epsilon=0.25), pure(epsilon=0.1)", "1",
     "0.17904988921681761031", 1e-12, 1e-19},
    {"MV-05",
     "pure(epsilon=0.01), pure(epsilon=0.02), pure(epsilon=0.04), pure(epsilon=0.08), "
     "pure(epsilon=0.16), pure(epsilon=0.32), pure(epsilon=0.64)",
     "0.7", "0.087776323414009223801", 1e-12, 1e-19},
    {"L1-01", "laplace(scale=1, sensitivity=1)", "0", "0.39346934028736657640", 1e-12, 1e-19},
    {"L1-04", "laplace(scale=1, sensitivity=1)", "0.999999", "4.9999987500002083333e-7", 1e-12,
     1e-19},
    {"L1-07", "laplace(scale=1, sensitivity=0.1)", "0.0999", "4.9998750020833072919e-5", 1e-12,
     1e-19},
    {"L1-10", "laplace(scale=1, sensitivity=10)", "5", "0.91791500137610120483", 1e-12, 1e-19},
    {"LK-01", "laplace(scale=1, sensitivity=1)*2", "0", "0.44818083824283651761", 1e-06, 1e-19},
    {"LK-04", "laplace(scale=1, sensitivity=1)*2", "1.9", "0.024989839886768140681", 1e-06, 1e-19},
    {"LK-07", "laplace(scale=1, sensitivity=0.1)*2", "0.199", "0.00024999998958593710942", 1e-06,
     1e-19},
    {"LK-10", "laplace(scale=1, sensitivity=0.1)*10", "0.6", "0.0030698836564779598710", 1e-06,
     1e-19},
    {"LK-13", "laplace(scale=1, sensitivity=1)*10", "3", "0.47368531143821175172", 1e-06, 1e-19},
    {"LK-16", "laplace(scale=1, sensitivity=0.1)*100", "0.5", "0.23220556669613150511", 1e-06,
     1e-19},
    {"LK-19", "laplace(scale=1, sensitivity=0.1)*100", "5", "1.9174312332821010748e-7", 1e-06,
     1e-19},
    {"LK-22", "laplace(scale=1, sensitivity=0.01)*100", "0.1", "0.0086580260165043284883", 1e-06,
     1e-19},
    {"LK-25", "laplace(scale=1, sensitivity=0.01)*1000", "0.2", "0.055336051604075186843", 1e-06,
     1e-19},
    {"LK-28", "laplace(scale=1, sensitivity=0.01)*1000", "2", "1.3156407774695041074e-11", 1e-06,
     1e-19},
    {"LK-31", "laplace(scale=1, sensitivity=0.1)*1000", "10", "0.028034041215477543158", 1e-06,
     1e-19},
    {"LK-34", "laplace(scale=1, sensitivity=0.1)*1000", "40", "1.2427653243349601166e-31", 1e-06,
     1e-19},
    {"DL-01", "discrete_laplace(scale=2)", "0", "0.24491866240370912928", 1e-12, 1e-19},
    {"DL-04", "discrete_laplace(scale=10)", "0.05", "0.025603537098495457339", 1e-12, 1e-19},
    {"DL-07", "discrete_laplace(scale=1, sensitivity=3)", "2", "0.46211715726000975850", 1e-12,
     1e-19},
    {"DL-10", "discrete_laplace(scale=5, sensitivity=5)", "0.7", "0.14250695375313158121", 1e-12,
     1e-19},
    {"DL-13", "discrete_laplace(scale=10)*100", "5", "2.7926361014044294286e-7", 1e-06, 1e-19},
    {"DL-16", "discrete_laplace(scale=5, sensitivity=5)*10", "8", "0.016478423831558297116", 1e-06,
     1e-19},
    {"DL-19", "discrete_laplace(scale=10, sensitivity=10)*100", "40", "0.31166336326524480625",
     1e-06, 1e-19},
    {"DL-22", "discrete_laplace(scale=100, sensitivity=7)*1000", "20", "5.0320511147754171052e-17",
     1e-06, 1e-19},
    {"DL-25", "discrete_laplace(scale=1, sensitivity=2)*10", "19", "0.027562695837929550491", 1e-06,
     1e-19},
    {"DG-01", "discrete_gaussian(sigma=1)", "0", "0.39894227826686170558", 1e-12, 1e-19},
    {"DG-04", "discrete_gaussian(sigma=1)", "5", "5.8970710343370290990e-7", 1e-12, 1e-19},
    {"DG-07", "discrete_gaussian(sigma=0.5)", "5", "0.067551819000991330361", 1e-12, 1e-19},
    {"DG-10", "discrete_gaussian(sigma=3)", "0.3", "0.038472460631530846004", 1e-12, 1e-19},
    {"DG-13", "discrete_gaussian(sigma=10)", "0.1", "0.0087623539239480945116", 1e-12, 1e-19},
    {"DG-16", "discrete_gaussian(sigma=10, sensitivity=5)", "1", "0.0068475218820476620117", 1e-12,
     1e-19},
    {"DG-19", "discrete_gaussian(sigma=4)*10", "3", "5.6977897071958839774e-5", 1e-06, 1e-19},
    {"DG-22", "discrete_gaussian(sigma=5)*100", "10", "9.9312851416244732610e-6", 1e-06, 1e-19},
    {"DG-25", "discrete_gaussian(sigma=5)*1000", "45", "2.3047384052341399307e-5", 1e-06, 1e-19},
    {"DG-28", "discrete_gaussian(sigma=0.5)*10", "60", "8.0363835366506261906e-12", 1e-06, 1e-19},
    {"DG-31", "discrete_gaussian(sigma=2, sensitivity=3)*4", "30", "1.4727176218474262433e-18",
     1e-06, 1e-19},
    {"PSG1-01", "poisson(q=0.01, gaussian(sigma=1))", "0.01", "0.0019002737053015712141", 1e-12,
     1e-19},
    {"PSG1-07", "poisson(q=0.1, gaussian(sigma=0.6))", "1", "0.0090719123402300388828", 1e-12,
     1e-19},
    {"PSG1-13", "poisson(q=0.01, gaussian(sigma=0.3))", "10", "1.7020535267205908805e-5", 1e-12,
     1e-19},
    {"H-01",
     "gaussian(sigma=1, sensitivity=1), laplace(scale=1, sensitivity=1), pure_rr(epsilon=1)", "0.5",
     "0.494422699581722283", 1e-06, 1e-17},
    {"H-04",
     "gaussian(sigma=1, sensitivity=1), laplace(scale=1, sensitivity=1), pure_rr(epsilon=1)", "10",
     "1.41434256841761495e-15", 1e-06, 1e-17},
    {"H-07",
     "gaussian(sigma=1, sensitivity=0.5)*10, laplace(scale=1, sensitivity=0.1)*10, "
     "pure_rr(epsilon=0.1)*20",
     "8", "1.08125707605457973e-5", 1e-06, 1e-17},
    {"H-10",
     "gaussian(sigma=1, sensitivity=0.1)*100, laplace(scale=1, sensitivity=0.05)*100, "
     "pure_rr(epsilon=0.05)*100",
     "3", "0.0108616205454249606", 1e-06, 1e-17},
    {"H-13", "gaussian(sigma=1, sensitivity=2), laplace(scale=1, sensitivity=0.5)*4", "3",
     "0.259134779232682776", 1e-06, 1e-17},
    {"H-16", "gaussian(sigma=1, sensitivity=0.3)*3, pure_rr(epsilon=2)*5", "5",
     "0.754453132857272130", 1e-06, 1e-17},
    {"H-19",
     "gaussian(sigma=1, sensitivity=0.05)*1000, laplace(scale=1, sensitivity=0.01)*1000, "
     "pure_rr(epsilon=0.01)*1000",
     "2", "0.192938700392144958", 1e-06, 1e-17},
    {"H-22",
     "gaussian(sigma=1, sensitivity=1), gaussian(sigma=1, sensitivity=0.5)*4, gaussian(sigma=1, "
     "sensitivity=0.2)*25",
     "2", "0.226411847957502740", 1e-06, 1e-17},
    {"PSG-delta-01", "poisson(q=0.01, gaussian(sigma=1))*10000", "9.315053586740666",
     "1.0046575632068e-10", 1e-06, 1e-13},
    {"PSG-delta-04", "poisson(q=0.02, gaussian(sigma=1.5))*100000", "40.7557198079628",
     "1.0011055730880e-10", 1e-06, 1e-13},
};

constexpr Fact kEpsilons[] = {
    {"G-eps-03", "gaussian(sigma=1, sensitivity=0.01)", "1e-6", "0.033673780130806474343", 1e-12,
     1e-19},
    {"G-eps-06", "gaussian(sigma=1, sensitivity=0.01)", "1e-15", "0.070822021969622825346", 1e-12,
     1e-19},
    {"G-eps-09", "gaussian(sigma=1, sensitivity=0.1)", "1e-3", "0.19753397323971042894", 1e-12,
     1e-19},
    {"G-eps-12", "gaussian(sigma=1, sensitivity=0.1)", "1e-9", "0.53514823155317256723", 1e-12,
     1e-19},
    {"G-eps-15", "gaussian(sigma=1, sensitivity=0.1)", "1e-20", "0.88180811132146197993", 1e-12,
     1e-19},
    {"G-eps-18", "gaussian(sigma=1, sensitivity=1)", "1e-5", "4.3771780956812246277", 1e-12, 1e-19},
    {"G-eps-21", "gaussian(sigma=1, sensitivity=1)", "1e-12", "7.2384944201788583599", 1e-12,
     1e-19},
    {"G-eps-24", "gaussian(sigma=1, sensitivity=1)", "1e-30", "11.743883025231736254", 1e-12,
     1e-19},
    {"G-eps-27", "gaussian(sigma=1, sensitivity=3)", "1e-6", "18.163445759078474799", 1e-12, 1e-19},
    {"G-eps-30", "gaussian(sigma=1, sensitivity=3)", "1e-15", "27.836058913310080789", 1e-12,
     1e-19},
    {"G-eps-33", "gaussian(sigma=1, sensitivity=10)", "1e-3", "80.032526094150492363", 1e-12,
     1e-19},
    {"G-eps-36", "gaussian(sigma=1, sensitivity=10)", "1e-9", "109.1955968818063248", 1e-12, 1e-18},
    {"G-eps-39", "gaussian(sigma=1, sensitivity=10)", "1e-20", "141.91617152977812415", 1e-12,
     1e-19},
    {"G-eps-42", "gaussian(sigma=1, sensitivity=1e-5)", "1e-6", "9.0234880707249643623e-6", 1e-12,
     1e-19},
    {"G-eps-45", "gaussian(sigma=1, sensitivity=1)", "1e-300", "37.448847912139104941", 1e-12,
     1e-19},
    {"GDP-01", "gaussian(sigma=1, sensitivity=1)", "1e-6", "4.8865541174622119964", 1e-12, 1e-19},
    {"GDP-04", "gaussian(sigma=1, sensitivity=0.01)*100000", "1e-12", "26.719799569762024736",
     1e-12, 1e-19},
    {"Z-eps-03", "zcdp(rho=1e-6)", "1e-12", "8.546765950836891623e-3", 1e-12, 1e-18},
    {"Z-eps-06", "zcdp(rho=1e-4)", "1e-5", "0.045047462087777227987", 1e-12, 1e-19},
    {"Z-eps-09", "zcdp(rho=1e-4)", "1e-20", "0.1243780050419382333", 1e-12, 1e-18},
    {"Z-eps-12", "zcdp(rho=0.005)", "1e-9", "0.56489328430203605083", 1e-12, 1e-19},
    {"Z-eps-15", "zcdp(rho=0.005)", "1e-30", "1.1305734474744148885", 1e-12, 1e-19},
    {"Z-eps-18", "zcdp(rho=0.05)", "1e-12", "2.2189412985517563326", 1e-12, 1e-19},
    {"Z-eps-21", "zcdp(rho=0.1)", "1e-5", "1.9142388320035977985", 1e-12, 1e-19},
    {"Z-eps-24", "zcdp(rho=0.1)", "1e-20", "4.1988745318491632336", 1e-12, 1e-19},
    {"Z-eps-27", "zcdp(rho=0.5)", "1e-9", "6.4740700207264861443", 1e-12, 1e-19},
    {"Z-eps-30", "zcdp(rho=0.5)", "1e-30", "11.953674244182108972", 1e-12, 1e-19},
    {"Z-eps-33", "zcdp(rho=1)", "1e-12", "10.984167343741939047", 1e-12, 1e-19},
    {"Z-eps-36", "zcdp(rho=5)", "1e-5", "19.047259552325184148", 1e-12, 1e-19},
    {"Z-eps-39", "zcdp(rho=5)", "1e-20", "34.600580730523659122", 1e-12, 1e-19},
    {"Z-eps-42", "zcdp(rho=50)", "1e-9", "112.66495496825102695", 1e-12, 1e-19},
    {"Z-eps-45", "zcdp(rho=50)", "1e-30", "166.2606970979482942", 1e-12, 1e-18},
    {"R-eps-01", "rdp(alpha=2, epsilon=0.1)", "1e-5", "10.226631103850337801", 1e-12, 1e-19},
    {"R-eps-04", "rdp(alpha=2, epsilon=1)", "1e-10", "22.639556568820566221", 1e-12, 1e-19},
    {"R-eps-07", "rdp(alpha=10, epsilon=0.5)", "1e-5", "1.4180106367839717806", 1e-12, 1e-19},
    {"R-eps-10", "rdp(alpha=10, epsilon=5)", "1e-10", "7.1972245773362193828", 1e-12, 1e-19},
    {"R-eps-13", "rdp(alpha=64, epsilon=0.05)", "1e-5", "0.15098247448599664986", 1e-12, 1e-19},
    {"R-eps-16", "rdp(alpha=1.5, epsilon=0.01)", "1e-10", "44.152159354996475225", 1e-12, 1e-19},
    {"K-eps-01", "pure(epsilon=1)*2", "1e-6", "1.9999981289040839216", 1e-12, 1e-19},
    {"K-eps-04", "pure(epsilon=0.1)*30", "1e-5", "2.1101544222423823039", 1e-12, 1e-19},
    {"K-eps-07", "pure(epsilon=0.1)*100", "1e-20", "8.6649803619913438679", 1e-12, 1e-19},
    {"K-eps-10", "approx(epsilon=0.1, delta=1e-9)*100", "1e-6", "4.7877237608116317708", 1e-12,
     1e-19},
    {"PSG-eps-02", "poisson(q=0.01, gaussian(sigma=0.6))*100", "1e-10", "8.3733946532411331", 1e-08,
     3e-15},
    {"PSG-eps-05", "poisson(q=0.01, gaussian(sigma=0.8))*1000", "1e-20", "11.176232935975967",
     1e-08, 1e-14},
    {"PSG-eps-08", "poisson(q=0.01, gaussian(sigma=1))*1000", "1e-20", "6.3617002040793501", 1e-08,
     1e-14},
    {"PSG-eps-11", "poisson(q=0.01, gaussian(sigma=1))*10000", "1e-20", "13.879772716672470", 1e-08,
     1e-13},
    {"PSG-eps-14", "poisson(q=0.01, gaussian(sigma=2))*10000", "1e-20", "5.0363409325357391", 1e-08,
     9e-14},
    {"PSG-eps-17", "poisson(q=0.01, gaussian(sigma=4))*100000", "1e-20", "7.5679879966554435",
     1e-08, 2e-13},
    {"PSG-eps-20", "poisson(q=0.001, gaussian(sigma=0.6))*1000", "1e-20", "10.307500267698893",
     1e-08, 1e-12},
    {"PSG-eps-23", "poisson(q=0.001, gaussian(sigma=0.6))*100000", "1e-20", "17.586629878212504",
     1e-08, 7e-13},
    {"PSG-eps-26", "poisson(q=0.001, gaussian(sigma=1))*10000", "1e-20", "3.0022976730581569",
     1e-08, 1e-11},
    {"PSG-eps-29", "poisson(q=0.001, gaussian(sigma=2))*100000", "1e-20", "1.5138262879896293",
     1e-08, 5e-09},
    {"PSG-eps-32", "poisson(q=0.004266666666666667, gaussian(sigma=1.1))*14063", "1e-20",
     "5.6806427506770169", 1e-08, 3e-13},
    {"PSG-eps-35", "poisson(q=0.05, gaussian(sigma=1))*1000", "1e-20", "25.145950513673265", 1e-08,
     8e-15},
    {"PSG-eps-38", "poisson(q=0.1, gaussian(sigma=2))*1000", "1e-5", "8.2792906140981632", 1e-08,
     3e-14},
    {"PSG-eps-41", "poisson(q=0.1, gaussian(sigma=4))*10000", "1e-5", "13.498360461068006", 1e-08,
     2e-13},
    {"PSG-eps-44", "poisson(q=0.02, gaussian(sigma=1.5))*100000", "1e-5", "30.621528828265581",
     1e-08, 3e-12},
    {"PSG-eps-47", "poisson(q=0.1, gaussian(sigma=4))*100", "1e-5", "0.98285225793459577", 1e-08,
     8e-15},
    {"PSG-eps-50", "poisson(q=0.001, gaussian(sigma=4))*100000", "1e-10", "0.45888762367985384",
     1e-08, 8e-10},
    {"PSG-eps-53", "poisson(q=0.1, gaussian(sigma=0.6))*10", "1e-10", "15.8846906086403", 1e-08,
     1e-12},
};

// Of the direction that costs less.
constexpr Fact kAddedDeltas[] = {
    {"PSG1-04", "poisson(q=0.01, gaussian(sigma=1))", "0.5", "0", 1e-12, 0},
    {"PSG1-10", "poisson(q=0.001, gaussian(sigma=4))", "0.0005", "1.4706616358939073983e-7", 1e-12,
     1e-19},
};

constexpr Fact kBetas[] = {
    {"GDP-tradeoff-02", "gaussian(sigma=1, sensitivity=1)", "1e-6", "0.9999127823898596108", 1e-12,
     1e-18},
    {"GDP-tradeoff-05", "gaussian(sigma=1, sensitivity=3)", "1e-12", "0.9999726387703681904", 1e-12,
     1e-18},
};

constexpr Fact kDivergences[] = {
    {"R-laplace-01", "laplace(scale=1, sensitivity=0.01)", "1.25", "6.2291863534184654855e-5",
     1e-12, 1e-19},
    {"R-laplace-04", "laplace(scale=1, sensitivity=0.01)", "64", "2.9964093968605235708e-3", 1e-12,
     1e-19},
    {"R-laplace-07", "laplace(scale=1, sensitivity=0.1)", "2", "9.6442078403446747134e-3", 1e-12,
     1e-19},
    {"R-laplace-10", "laplace(scale=1, sensitivity=0.1)", "512", "0.09864545960682559942", 1e-12,
     1e-18},
    {"R-laplace-13", "laplace(scale=1, sensitivity=1)", "8", "0.91019880117744578274", 1e-12,
     1e-19},
    {"R-laplace-16", "laplace(scale=1, sensitivity=5)", "1.25", "4.2711562158499186633", 1e-12,
     1e-19},
    {"R-laplace-19", "laplace(scale=1, sensitivity=5)", "64", "4.9891221586809695331", 1e-12,
     1e-19},
    {"R-rr-02", "randomized_response(p=0.98, categories=2)", "10", "7.8160929943595765864e-3",
     1e-12, 1e-19},
    {"R-psg-01", "poisson(q=0.001, gaussian(sigma=0.6))", "2", "1.5083126921132183032e-5", 1e-12,
     1e-19},
    {"R-psg-04", "poisson(q=0.001, gaussian(sigma=0.6))", "32", "37.313858350011270713", 1e-12,
     1e-19},
    {"R-psg-07", "poisson(q=0.01, gaussian(sigma=1))", "3", "2.6463757458466134821e-4", 1e-12,
     1e-19},
    {"R-psg-10", "poisson(q=0.01, gaussian(sigma=1))", "128", "59.358568631445073267", 1e-12,
     1e-19},
    {"R-psg-13", "poisson(q=0.01, gaussian(sigma=4))", "8", "2.5899123012404280654e-5", 1e-12,
     1e-19},
    {"R-psg-16", "poisson(q=0.1, gaussian(sigma=2))", "2", "2.8362282662636223117e-3", 1e-12,
     1e-19},
    {"R-psg-19", "poisson(q=0.1, gaussian(sigma=2))", "32", "1.6272023010194358335", 1e-12, 1e-19},
    {"R-psg-22", "poisson(q=0.05, gaussian(sigma=0.8))", "3", "0.019761366108984087209", 1e-12,
     1e-19},
    {"R-psg-25", "poisson(q=0.05, gaussian(sigma=0.8))", "128", "96.980679283347158684", 1e-12,
     1e-19},
};

constexpr Fact kRhos[] = {
    {"EM-01", "exponential(epsilon=0.01)", "", "1.25e-5", 1e-12, 0},
    {"EM-04", "exponential(epsilon=5)", "", "3.125", 1e-12, 0},
};

constexpr SigmaFact kSigmas[] = {
    {"G-sigma-02", "1e-6", "1e-5", "38021.981468747452937"},
    {"G-sigma-05", "1e-6", "1e-20", "7.123425298860483592e+6"},
    {"G-sigma-08", "1e-3", "1e-5", "1724.2590335838075467"},
    {"G-sigma-11", "1e-3", "1e-20", "7993.1397632793766586"},
    {"G-sigma-14", "0.1", "1e-5", "30.749566131977450239"},
    {"G-sigma-17", "0.1", "1e-20", "85.333282301634814102"},
    {"G-sigma-20", "0.5", "1e-5", "7.0318266755824914427"},
    {"G-sigma-23", "0.5", "1e-20", "17.469875693687602954"},
    {"G-sigma-26", "1", "1e-5", "3.7306316348159418322"},
    {"G-sigma-29", "1", "1e-12", "6.5578220674588500913"},
    {"G-sigma-32", "3", "1e-3", "1.0372517184874800553"},
    {"G-sigma-35", "3", "1e-12", "2.2830529848688011721"},
    {"G-sigma-38", "10", "1e-3", "0.40605955802413852319"},
    {"G-sigma-41", "10", "1e-12", "0.74461232292175435707"},
    {"G-sigma-44", "50", "1e-3", "0.13412430797038182373"},
    {"G-sigma-47", "50", "1e-12", "0.19071044240637713911"},
    {"G-sigma-50", "0", "1e-5", "39894.228039098839346"},
    {"G-sigma-53", "100", "1e-10", "0.10876042602012663676"},
};

constexpr AmplifiedFact kAmplified[] = {
    {"AMP-01", "1", "0", "0.01", "0.017036863236176549786", "0.0"},
    {"AMP-04", "5", "1e-5", "0.5", "4.3135681679291727592", "5.0e-6"},
};

Enclosure number(std::string_view text) {
  return Enclosure::exact(Exact::parse(text).value());
}

Composition written(const char* events) {
  return Composition::make({.events = parse_events(events).value()}).value();
}

void expect_fact(const Fact& fact, const Bounds& bound) {
  const Enclosure truth = number(fact.value), off(fact.off);
  EXPECT_TRUE((truth * (1 + off)).certainly_at_least(bound.lower)) << fact.name;
  EXPECT_TRUE(Enclosure(bound.upper).certainly_at_least(truth * (1 - off))) << fact.name;
  EXPECT_LE(bound.upper - bound.lower, fact.width * truth.upper()) << fact.name;
}

void expect_near_above(const char* name, double upper, std::string_view truth, double width) {
  EXPECT_TRUE(Enclosure(upper).certainly_at_least(number(truth) * (1 - Enclosure(1e-18)))) << name;
  EXPECT_LE(upper, number(truth).upper() * (1 + width)) << name;
}

TEST(Reference, EachDeltaLiesWithinOurBounds) {
  for (const Fact& fact : kDeltas) {
    const Guarantee answer = written(fact.events).delta(exactly(fact.at)).value();
    expect_fact(fact, answer.bound);
    EXPECT_TRUE(answer.met) << fact.name;
  }
}

TEST(Reference, EachEpsilonLiesWithinOurBounds) {
  for (const Fact& fact : kEpsilons)
    expect_fact(fact, written(fact.events).epsilon(exactly(fact.at)).value().bound);
}

TEST(Reference, TheCheaperDirectionLiesWithinItsBounds) {
  for (const Fact& fact : kAddedDeltas) {
    Side side;
    for (const Event& event : parse_events(fact.events).value())
      add_event(event, Direction::added, Reading::pure, 1, side);
    expect_fact(fact, SideCurve(side, 1e-6).delta(number(fact.at)).bound);
  }
}

TEST(Reference, EachTradeOffLiesWithinOurBounds) {
  for (const Fact& fact : kBetas)
    expect_fact(fact, written(fact.events).type_two_error(exactly(fact.at)).value().bound);
}

TEST(Reference, EachRenyiDivergenceLiesWithinOurBounds) {
  for (const Fact& fact : kDivergences)
    expect_fact(fact,
                renyi_divergence(parse_events(fact.events).value(), exactly(fact.at)).value());
}

TEST(Reference, EachRhoLiesWithinOurBounds) {
  for (const Fact& fact : kRhos)
    expect_fact(fact, concentrated_rho(parse_events(fact.events).value()).value());
}

TEST(Reference, EachLeastSigmaIsOursRoundedUp) {
  for (const SigmaFact& fact : kSigmas) {
    const double sigma = least_scale({.law = ScaleFamily::gaussian,
                                      .epsilon = exactly(fact.epsilon),
                                      .delta = exactly(fact.delta),
                                      .sensitivity = 1.0})
                             .value();
    expect_near_above(fact.name, sigma, fact.sigma, 1e-9);
  }
}

TEST(Reference, EachAmplifiedGuaranteeLiesWithinOurBounds) {
  for (const AmplifiedFact& fact : kAmplified) {
    const ApproximateBounds after =
        amplified(exactly(fact.epsilon), exactly(fact.delta), exactly(fact.q)).value();
    expect_fact({fact.name, "", "", fact.epsilon_after, 1e-12, 1e-18}, after.epsilon);
    expect_fact({fact.name, "", "", fact.delta_after, 1e-12, 0}, after.delta);
  }
}

// k·ε·(e^ε - 1)/(e^ε + 1) + ε·√(2k·ln(1/δ)) of Kairouz, Oh, Viswanath 2015, theorem 3.4, which holds and is not
// the least.
TEST(Reference, TheOptimalCompositionIsWithinTheAdvancedOne) {
  const double advanced = number("1.7122165112269898972").lower();
  EXPECT_LE(written("pure(epsilon=0.1)*10").epsilon(exactly("1e-6")).value().bound.upper, advanced);
}

TEST(Reference, NoFactWasLeftOut) {
  EXPECT_EQ(std::size(kDeltas) + std::size(kEpsilons) + std::size(kAddedDeltas) +
                std::size(kBetas) + std::size(kDivergences) + std::size(kRhos) +
                std::size(kSigmas) + std::size(kAmplified) + 1,
            186u);
}

}  // namespace
}  // namespace sfumato
