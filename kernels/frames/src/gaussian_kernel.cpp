#include "gaussian_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace polyloop::frames::detail {

namespace {

index_t radius_for_sigma(double sigma) {
  const double reach = std::ceil(3.0 * sigma);
  if (reach > static_cast<double>(most_blur_radius))
    throw invalid_argument(
        "sigma", std::to_string(sigma),
        "at most " + std::to_string(most_blur_radius / 3) + " pixels, or a radius with it");
  return static_cast<index_t>(reach);
}

std::vector<double> exact_weights(const gaussian& kernel) {
  const index_t radius = radius_of(kernel);
  std::vector<double> weights;
  double sum = 0;
  for (index_t k = 0; k <= radius; ++k) {
    // Divided before it is squared: a tiny sigma gives exp(-inf) = 0, never 0 / 0.
    const double distance = k == 0 ? 0.0 : static_cast<double>(k) / kernel.sigma;
    weights.push_back(std::exp(-0.5 * distance * distance));
    sum += (k == 0 ? 1.0 : 2.0) * weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

index_t radius_of(const gaussian& kernel) {
  if (!(std::isfinite(kernel.sigma) && kernel.sigma > 0))
    throw invalid_argument("sigma", std::to_string(kernel.sigma), "a positive and finite number of pixels");
  if (!kernel.radius) return radius_for_sigma(kernel.sigma);
  if (*kernel.radius < 0 || *kernel.radius > most_blur_radius)
    polyloop::detail::throw_invalid("radius", *kernel.radius,
                                    "0 to " + std::to_string(most_blur_radius) + " pixels");
  return *kernel.radius;
}

template <>
std::vector<float> weights_of<float>(const gaussian& kernel) {
  const std::vector<double> exact = exact_weights(kernel);
  std::vector<float> weights(exact.size());
  std::transform(exact.begin(), exact.end(), weights.begin(), [](double w) { return static_cast<float>(w); });
  return weights;
}

template <>
std::vector<std::uint16_t> weights_of<std::uint16_t>(const gaussian& kernel) {
  const std::vector<double> exact = exact_weights(kernel);
  std::vector<std::uint16_t> weights(exact.size());
  const double one = 1 << weight_bits;
  double tail = 0;  // of the exact weights, from the outermost inwards
  long taken = 0;   // units of 2^-weight_bits given out so far on one side
  for (std::size_t k = exact.size() - 1; k > 0; --k) {
    tail += exact[k];
    const long wanted = std::lround(tail * one);
    weights[k] = static_cast<std::uint16_t>(wanted - taken);
    taken = wanted;
  }
  weights[0] = static_cast<std::uint16_t>(std::min((1L << weight_bits) - 2 * taken, 0xffffL));
  return weights;
}

}  // namespace polyloop::frames::detail
