namespace CnnCodegen.Examples;

/// <summary>Handwritten digits, 28 x 28, one channel.</summary>
[Network(Weights = "digits.safetensors")]
[Input("image", 1, 28, 28)]
[Conv("conv1", 8, Kernel = 5, Padding = 2), Relu, MaxPool(2)]
[Conv("conv2", 16, Kernel = 5, Padding = 2), Relu, MaxPool(2)]
[Linear("fc", 10), Softmax]
public sealed partial class Digits;
