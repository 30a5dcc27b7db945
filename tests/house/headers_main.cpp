// That this program was built is the test: see headers.cmake.
int main()
{
}
