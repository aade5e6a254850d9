#pragma once

namespace sfumato {

/// log δ(ε) of Gaussian noise with μ = Δ/σ in plain double, off by what its tails cancel: it only says
/// where to look, and no claim hangs on it.
double log_gaussian_delta_near(double epsilon, double mu);

/// About the σ/Δ at which δ(ε) = δ, for ε > 0 and 0 < δ < 1.
double gaussian_sigma_near(double epsilon, double delta);

}  // namespace sfumato
