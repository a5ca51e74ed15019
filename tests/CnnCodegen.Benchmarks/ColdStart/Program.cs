using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using CnnCodegen;
using Imported;

long start = Stopwatch.GetTimestamp();
using INetwork network = Model.Load();
double load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

float[] input = new float[network.Info.Inputs[0].Length], output = new float[network.Info.Outputs[0].Length];
uint x = 12345;
foreach (ref float value in input.AsSpan())
{
    x = (x * 1664525) + 1013904223;
    value = ((x >> 8) / 8388608f) - 1;
}

start = Stopwatch.GetTimestamp();
network.Run([input], [output]);
double first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

// One line, as the script of ONNX Runtime writes it; the memory only when asked, which takes time.
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"load_ms": {{load}}, "first_ms": {{first}}, "jit_ms": {{JitInfo.GetCompilationTime().TotalMilliseconds}}}"""));
Console.ReadLine();
using Process self = Process.GetCurrentProcess();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"peak": {{self.PeakWorkingSet64}}}"""));
